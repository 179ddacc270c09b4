"""Comments. The counts of their posts change with them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks, maker
from stores.postgres.pages import Below, page_rows_below
from stores.postgres.statements import among, asked, columns, fetch, fetch_kept, version
from stores.postgres.tables import comments, posts
from stores.rows import Comment

_selected = select(*columns(comments, Comment))
_kept = _selected.with_only_columns(version(comments), *columns(comments, Comment))
_BY_IDS = _kept.where(asked(comments.c.id))
_WANTED = (version(comments), *columns(comments, Comment))


class NewComment(NamedTuple):
    id: int
    post_id: int
    post_author_id: int
    author_id: int
    text: str
    mention_ids: list[int]
    place: int


async def by_ids(connection: Asks, ids: Sequence[int]) -> list[Comment]:
    return await fetch_kept(connection, Comment, _BY_IDS, keys=list(ids))


async def locked(connection: AsyncConnection, ids: Sequence[int]) -> list[Comment]:
    """Held until the transaction ends, in the order of their ids."""
    statement = _selected.where(among(comments.c.id, ids)).order_by(comments.c.id).with_for_update()
    return await fetch(connection, Comment, statement)


async def add(connection: AsyncConnection, new: Sequence[NewComment]) -> list[Comment]:
    """Store comments of posts that are held; in the order of `new`."""
    if not new:
        return []
    statement = insert(comments).returning(*columns(comments, Comment), sort_by_parameter_order=True)
    return [Comment(*row) for row in await connection.execute(statement, [one._asdict() for one in new])]


_MAKE_ROOM = text(
    """
    update posts set
        comment_count = comment_count + new.number,
        comment_place = greatest(comment_place, :earliest) + new.number
    from unnest(cast(:post_ids as bigint[]), cast(:numbers as integer[])) as new (post_id, number)
    where posts.id = new.post_id
    returning posts.id, posts.comment_place
    """
)


async def make_room(connection: AsyncConnection, numbers: Mapping[int, int], *, earliest: int) -> dict[int, int]:
    """Count so many new comments of each post; gives the highest place that each post's new comments take.

    The posts must be held: so their comments become visible in the order of their places, all above `earliest`.
    """
    given = {"post_ids": list(numbers), "numbers": list(numbers.values()), "earliest": earliest}
    made = await connection.execute(_MAKE_ROOM, given)
    return {row.id: row.comment_place for row in made}


async def remove(connection: AsyncConnection, comment: Comment) -> None:
    """Remove a comment that is held, and count it no longer."""
    await connection.execute(delete(comments).where(comments.c.id == comment.id))
    await connection.execute(
        update(posts).where(posts.c.id == comment.post_id).values(comment_count=posts.c.comment_count - 1)
    )


async def pages_by_post(connection: Asks, pages: Sequence[Below]) -> list[list[Comment]]:
    """For each page of a post's comments: the newest first."""
    row_of = maker(connection, Comment)
    found = await page_rows_below(
        connection, pages, owner=comments.c.post_id, position=comments.c.place, wanted=_WANTED
    )
    return [[row_of(version, values) for version, *values in rows] for rows in found]


async def some_ids(connection: AsyncConnection, post_id: int, *, most: int) -> list[int]:
    """Some of a post's comments."""
    return list(await connection.scalars(select(comments.c.id).where(comments.c.post_id == post_id).limit(most)))


async def remove_all(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Remove comments of a post that is gone, without counting."""
    await connection.execute(delete(comments).where(among(comments.c.id, ids)))
