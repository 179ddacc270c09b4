"""Posts: their rows, their publication, and the lists they stand in. A deleted post is as good as none."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks, maker
from stores.postgres.pages import Below, pages_below
from stores.postgres.statements import among, asked, columns, fetch, fetch_kept, version
from stores.postgres.tables import author_counts, posts, users
from stores.rows import Entry, Post, PostStatus, User

_live = posts.c.deleted_at.is_(None)
_selected = select(*columns(posts, Post)).where(_live)
_kept = _selected.with_only_columns(version(posts), *columns(posts, Post))
_BY_IDS = _kept.where(asked(posts.c.id))
_POST_END = 1 + len(columns(posts, Post))
_WITH_AUTHORS = (
    select(version(posts), *columns(posts, Post), version(users), *columns(users, User))
    .join(users, users.c.id == posts.c.author_id)
    .where(asked(posts.c.id))
)


async def by_ids(connection: Asks, ids: Sequence[int]) -> list[Post]:
    return await fetch_kept(connection, Post, _BY_IDS, keys=list(ids))


async def with_authors(connection: Asks, ids: Sequence[int]) -> list[tuple[Post, User] | None]:
    """Posts, deleted or not, in the order of `ids`; None of those that are erased."""
    post_of, user_of = maker(connection, Post), maker(connection, User)
    found: dict[int, tuple[Post, User]] = {}
    for values in await connection.execute(_WITH_AUTHORS, {"keys": list(ids)}):
        post = post_of(values[0], values[1:_POST_END])
        found[post.id] = post, user_of(values[_POST_END], values[_POST_END + 1 :])
    return [found.get(id_) for id_ in ids]


async def locked(connection: AsyncConnection, ids: Sequence[int]) -> list[Post]:
    """Held until the transaction ends, in the order of their ids."""
    return await fetch(connection, Post, _selected.where(among(posts.c.id, ids)).order_by(posts.c.id).with_for_update())


async def add(connection: AsyncConnection, values: Mapping[str, object]) -> Post:
    statement = insert(posts).values(values).returning(*columns(posts, Post))
    return Post(*(await connection.execute(statement)).one())


async def edit(connection: AsyncConnection, post_id: int, values: Mapping[str, object]) -> None:
    """Set what the author may change, and say when."""
    await connection.execute(update(posts).where(posts.c.id == post_id).values(**values, edited_at=func.now()))


async def set_status(connection: AsyncConnection, post_id: int, status: PostStatus) -> None:
    """Of a post that is not published; `publish` does that."""
    await connection.execute(update(posts).where(posts.c.id == post_id).values(status=status))


async def delete(connection: AsyncConnection, post_id: int) -> None:
    """Gone for every reader, though its row stays until it is erased."""
    await connection.execute(update(posts).where(posts.c.id == post_id).values(deleted_at=func.now()))


async def author_and_mentioned(connection: AsyncConnection, post_id: int) -> list[int]:
    """Of a post, deleted or not; empty when it is erased."""
    found = (
        await connection.execute(select(posts.c.author_id, posts.c.mention_ids).where(posts.c.id == post_id))
    ).first()
    return [] if found is None else [found.author_id, *found.mention_ids]


async def erase(connection: AsyncConnection, post_id: int) -> None:
    """Remove the row of a deleted post."""
    await connection.execute(posts.delete().where(posts.c.id == post_id, posts.c.deleted_at.is_not(None)))


_COUNT_PUBLISHED = text(
    """
    insert into author_counts (author_id, post_count)
    select author_id, change
    from unnest(cast(:author_ids as bigint[]), cast(:changes as integer[])) as changed (author_id, change)
    order by author_id
    on conflict (author_id) do update set post_count = author_counts.post_count + excluded.post_count
    """
)


async def count_published(connection: AsyncConnection, changes: Mapping[int, int]) -> None:
    """For each author, add to how many published posts he has.

    Locked in the order of their ids, so that two transactions never wait for each other.
    """
    await connection.execute(_COUNT_PUBLISHED, {"author_ids": list(changes), "changes": list(changes.values())})


_COUNTS = select(author_counts.c.author_id, author_counts.c.post_count).where(asked(author_counts.c.author_id))


async def counts_by_authors(connection: Asks, author_ids: Sequence[int]) -> dict[int, int]:
    counted = await connection.execute(_COUNTS, {"keys": list(author_ids)})
    return {author_id: count for author_id, count in counted}  # noqa: C416  # dict() asks a result for its keys


_LATEST_WITHIN = text(
    f"""
    select {", ".join(f"latest.{column.name}" for column in columns(posts, Post))}
    from unnest(cast(:author_ids as bigint[]), cast(:lows as bigint[]), cast(:highs as bigint[]))
        as wanted (author_id, low, high)
    cross join lateral (
        select * from posts
        where posts.author_id = wanted.author_id and posts.feed_id >= wanted.low and posts.feed_id < wanted.high
            and posts.deleted_at is null
        order by posts.feed_id desc limit 1
    ) as latest
    """
)


async def latest_within(connection: Asks, ranges: Sequence[tuple[int, int, int]]) -> list[Post]:
    """An author's latest post of those with a `feed_id` from one to below another, of each (author, from, below)."""
    given = {name: [one[place] for one in ranges] for place, name in enumerate(("author_ids", "lows", "highs"))}
    return [Post(*row) for row in await connection.execute(_LATEST_WITHIN, given)]


_PUBLISH = text(
    """
    with clock as (
        update feed_clock
        set last = greatest(last + 1, :earliest) + cardinality(cast(:ids as bigint[])) - 1
        where shard = 0
        returning last
    ), numbered as (
        select id, clock.last - cardinality(cast(:ids as bigint[])) + place as feed_id
        from clock, unnest(cast(:ids as bigint[])) with ordinality as given (id, place)
    ), published as (
        update posts set status = 'PUBLISHED', feed_id = numbered.feed_id, published_at = now()
        from numbered where posts.id = numbered.id
        returning posts.id, posts.feed_id, posts.author_id, posts.hashtags
    ), undrained as (
        insert into fan_outs (feed_id, post_id, author_id) select feed_id, id, author_id from published
    )
    insert into hashtagged (hashtag_id, feed_id, post_id)
    select hashtags.id, published.feed_id, published.id
    from published cross join unnest(published.hashtags) as tag join hashtags on hashtags.name = tag
    """
)


async def publish(connection: AsyncConnection, ids: Sequence[int], *, earliest: int) -> None:
    """Give posts their `feed_id`s, ascending in the order of `ids`, none below `earliest`.

    With that they stand in every list: of their author, of their hashtags, and among those to be fanned out.

    The clock's row stays locked until the transaction ends, so that `feed_id`s become visible in their order. It must
    be the last statement of its transaction, for every publication waits for it.
    """
    await connection.execute(_PUBLISH, {"ids": list(ids), "earliest": earliest})


async def pages_by_author(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of an author's published posts: the latest published first."""
    return await pages_below(
        connection, pages, owner=posts.c.author_id, position=posts.c.feed_id, entry=posts.c.id, where=_live
    )
