"""Likes of posts and of comments, and saved posts: a row says that it is so. Many are changed by one statement."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Select, Table, TableValuedAlias, column, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks
from stores.postgres.pages import Below, pages_below
from stores.postgres.statements import among, big_array, pairs_among
from stores.postgres.tables import comment_likes, comments, likes, posts, saves
from stores.rows import Entry


class Mark(NamedTuple):
    """That a user likes, or saves, a thing. `id` is its place in a list."""

    thing_id: int
    user_id: int
    id: int = 0


async def like_posts(connection: AsyncConnection, marks: Collection[Mark]) -> list[Mark]:
    """Those that are new; the posts' counts grow by them. The posts must be held."""
    added = await _add(connection, likes, likes.c.post_id, marks, placed=True)
    await _count(connection, posts, posts.c.like_count, added, +1)
    return added


async def unlike_posts(connection: AsyncConnection, marks: Collection[Mark]) -> list[Mark]:
    """Those that there were; the posts' counts shrink by them. The posts must be held."""
    removed = await _remove(connection, likes, likes.c.post_id, marks)
    await _count(connection, posts, posts.c.like_count, removed, -1)
    return removed


async def like_comments(connection: AsyncConnection, marks: Collection[Mark]) -> list[Mark]:
    """Those that are new; the comments' counts grow by them. The comments must be held."""
    added = await _add(connection, comment_likes, comment_likes.c.comment_id, marks, placed=False)
    await _count(connection, comments, comments.c.like_count, added, +1)
    return added


async def unlike_comments(connection: AsyncConnection, marks: Collection[Mark]) -> list[Mark]:
    """Those that there were; the comments' counts shrink by them. The comments must be held."""
    removed = await _remove(connection, comment_likes, comment_likes.c.comment_id, marks)
    await _count(connection, comments, comments.c.like_count, removed, -1)
    return removed


async def save(connection: AsyncConnection, mark: Mark) -> None:
    await _add(connection, saves, saves.c.post_id, [mark], placed=True)


async def unsave(connection: AsyncConnection, mark: Mark) -> None:
    await _remove(connection, saves, saves.c.post_id, [mark])


async def liked_posts_among(connection: Asks, pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those pairs of a user and a post that he likes."""
    return await pairs_among(connection, likes.c.user_id, likes.c.post_id, pairs)


async def liked_comments_among(connection: Asks, pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those pairs of a user and a comment that he likes."""
    return await pairs_among(connection, comment_likes.c.user_id, comment_likes.c.comment_id, pairs)


async def saved_among(connection: Asks, pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those pairs of a user and a post that he has saved."""
    return await pairs_among(connection, saves.c.user_id, saves.c.post_id, pairs)


async def post_likes_among(connection: AsyncConnection, marks: Collection[Mark]) -> set[Mark]:
    """Those marks that are likes of posts which are there."""
    liked = select(likes.c.post_id, likes.c.user_id).join(posts, posts.c.id == likes.c.post_id)
    return await _marks_among(connection, liked, marks, likes.c.post_id, likes.c.user_id)


async def comment_likes_among(connection: AsyncConnection, marks: Collection[Mark]) -> set[Mark]:
    """Those marks that are likes of comments which are there, as are their posts."""
    liked = (
        select(comment_likes.c.comment_id, comment_likes.c.user_id)
        .join(comments, comments.c.id == comment_likes.c.comment_id)
        .join(posts, posts.c.id == comments.c.post_id)
    )
    return await _marks_among(connection, liked, marks, comment_likes.c.comment_id, comment_likes.c.user_id)


async def liker_pages(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of a post's likers: the newest like first."""
    return await pages_below(connection, pages, owner=likes.c.post_id, position=likes.c.id, entry=likes.c.user_id)


async def saved_pages(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of a user's saved posts: the latest saved first."""
    return await pages_below(connection, pages, owner=saves.c.user_id, position=saves.c.id, entry=saves.c.post_id)


async def forget_some(connection: AsyncConnection, post_id: int, *, most: int) -> int:
    """Remove at most `most` likes, and as many saves, of a post that is gone; gives how many there were."""
    removed = 0
    for table in (likes, saves):
        some = select(table.c.user_id).where(table.c.post_id == post_id).limit(most)
        gone = await connection.execute(delete(table).where(table.c.post_id == post_id, table.c.user_id.in_(some)))
        removed += gone.rowcount
    return removed


async def forget_some_of_comments(connection: AsyncConnection, comment_ids: Sequence[int], *, most: int) -> int:
    """Remove at most `most` likes of comments that are gone; gives how many there were."""
    place = (comment_likes.c.comment_id, comment_likes.c.user_id)
    some = select(*place).where(among(comment_likes.c.comment_id, comment_ids)).limit(most)
    removed = await connection.execute(delete(comment_likes).where(tuple_(*place).in_(some)))
    return removed.rowcount


async def _add(
    connection: AsyncConnection, table: Table, thing: Column[int], marks: Collection[Mark], *, placed: bool
) -> list[Mark]:
    if not marks:
        return []
    rows = [
        {thing.name: mark.thing_id, "user_id": mark.user_id} | ({"id": mark.id} if placed else {}) for mark in marks
    ]
    statement = insert(table).on_conflict_do_nothing().returning(thing, table.c.user_id)
    added = await connection.execute(statement, rows)
    return [Mark(thing_id, user_id) for thing_id, user_id in added]


async def _remove(connection: AsyncConnection, table: Table, thing: Column[int], marks: Collection[Mark]) -> list[Mark]:
    if not marks:
        return []
    given = _given(marks)
    statement = (
        delete(table).where(thing == given.c.thing, table.c.user_id == given.c.user).returning(thing, table.c.user_id)
    )
    return [Mark(thing_id, user_id) for thing_id, user_id in await connection.execute(statement)]


async def _marks_among(
    connection: AsyncConnection, liked: Select[Any], marks: Collection[Mark], thing: Column[int], user: Column[int]
) -> set[Mark]:
    """Those of `marks` that `liked` gives, whose posts are not deleted."""
    given = _given(marks)
    same = (thing == given.c.thing) & (user == given.c.user)
    found = await connection.execute(liked.join(given, same).where(posts.c.deleted_at.is_(None)))
    return {Mark(thing_id, user_id) for thing_id, user_id in found}


def _given(marks: Collection[Mark]) -> TableValuedAlias:
    return (
        func.unnest(big_array([mark.thing_id for mark in marks]), big_array([mark.user_id for mark in marks]))
        .table_valued(column("thing", BigInteger), column("user", BigInteger))
        .render_derived("given")
    )


async def _count(
    connection: AsyncConnection, table: Table, counted: Column[int], marks: Collection[Mark], change: int
) -> None:
    numbers = Counter(mark.thing_id for mark in marks)
    if not numbers:
        return
    given = (
        func.unnest(big_array(numbers), big_array(number * change for number in numbers.values()))
        .table_valued(column("thing", BigInteger), column("change", BigInteger))
        .render_derived("given")
    )
    await connection.execute(
        update(table).where(table.c.id == given.c.thing).values({counted.name: counted + given.c.change})
    )
