"""The home feed in SQL: the exact answer, and what the timelines' protocol asks the truth for.

These are the only statements that look at follows and posts together. Where the two live in different databases, each
is asked as two, with the ids of the first in the second.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.relations import person, person_columns
from stores.postgres.statements import columns
from stores.postgres.tables import posts
from stores.rows import Person, Post

_POST_COLUMNS = [f"posts.{column.name}" for column in columns(posts, Post)]
_LIVE = "posts.deleted_at is null and posts.feed_id is not null"


class Standing(NamedTuple):
    """Where a viewer stands, all of one moment.

    `now`: Unix seconds. `ver`: the version of the viewer's follow list. `newest`: the latest follows with their
    versions, latest first. `pulled`: followed authors whose posts are not pushed, or not only. `undrained`: those of
    their posts whose fan-out is not done, by `feed_id`. `last`: the highest `feed_id` of all publications.
    """

    now: int
    ver: int
    newest: list[tuple[int, int]]
    pulled: list[int]
    undrained: list[int]
    last: int


class Snapshot(NamedTuple):
    """Posts of a follow list, and the version of that list, all of one moment."""

    ver: int
    feed_ids: list[int]


class Judged(NamedTuple):
    """A live, published post, and how the viewer stands to its author, of one moment."""

    post: Post
    author: Person


_STANDING = text(
    """
    select
        cast(extract(epoch from now()) as bigint),
        (select follow_ver from users where id = :viewer_id),
        array(
            select array[followee_id, ver] from follows
            where follower_id = :viewer_id order by ver desc limit :newest
        ),
        array(select followee_id from follows where follower_id = :viewer_id and is_pulled),
        array(
            select late.feed_id
            from (select feed_id, author_id from fan_outs order by feed_id desc limit :undrained) as late
            where exists (
                select from follows where follower_id = :viewer_id and followee_id = late.author_id
            )
        ),
        (select max(last) from feed_clock)
    """
)


async def standing(connection: AsyncConnection, viewer_id: int, *, newest: int, undrained: int) -> Standing:
    """At most `newest` follows; undrained ones among the latest `undrained` of all publications (0: none)."""
    row = (
        await connection.execute(_STANDING, {"viewer_id": viewer_id, "newest": newest, "undrained": undrained})
    ).one()
    now, ver, edges, pulled, late, last = row
    return Standing(now, ver, [(followee_id, version) for followee_id, version in edges], pulled, late, last)


_PULLED = text(
    """
    (
        select latest.feed_id, 0 as source
        from unnest(cast(:authors as bigint[])) as author (id)
        cross join lateral (
            select posts.feed_id from posts
            where posts.author_id = author.id and posts.feed_id < :below and posts.deleted_at is null
            order by posts.feed_id desc limit :most
        ) as latest
        order by latest.feed_id desc limit :most
    )
    union all
    (
        select latest.feed_id, 1 as source
        from follows
        cross join lateral (
            select posts.feed_id from posts
            where posts.author_id = follows.followee_id and posts.feed_id < :older_than and posts.deleted_at is null
            order by posts.feed_id desc limit :most
        ) as latest
        where follows.follower_id = :viewer_id and :older_than > 0
        order by latest.feed_id desc limit :most
    )
    """
)


async def pulled(
    connection: AsyncConnection, viewer_id: int, authors: Sequence[int], *, below: int, older_than: int, most: int
) -> tuple[list[int], list[int]]:
    """`feed_id`s, highest first: the latest of `authors` below `below`; and of all followees below `older_than`.

    At most `most` of either; the second is empty where `older_than` is 0.
    """
    rows = await connection.execute(
        _PULLED,
        {"viewer_id": viewer_id, "authors": list(authors), "below": below, "older_than": older_than, "most": most},
    )
    found: tuple[list[int], list[int]] = ([], [])
    for feed_id, source in rows:
        found[source].append(feed_id)
    return sorted(found[0], reverse=True), sorted(found[1], reverse=True)


_JUDGED = f"{', '.join(_POST_COLUMNS)}, {person_columns(':viewer_id')}"
_BY_FEED_IDS = text(
    f"""
    select {_JUDGED} from posts join users on users.id = posts.author_id
    where posts.feed_id = any(cast(:feed_ids as bigint[])) and {_LIVE}
    """
)


async def judged(connection: AsyncConnection, viewer_id: int, feed_ids: Sequence[int]) -> list[Judged]:
    """Those of `feed_ids` that are live and published, in no order."""
    return _judged(await connection.execute(_BY_FEED_IDS, {"viewer_id": viewer_id, "feed_ids": list(feed_ids)}))


_LATEST_OF_ALL = """
    select latest.feed_id
    from (
        select followee_id as id from follows
        where follower_id = :viewer_id
            and not exists (select from mutes where muter_id = :viewer_id and muted_id = followee_id)
        union all select :viewer_id
    ) as author
    cross join lateral (
        select posts.feed_id from posts
        where posts.author_id = author.id and posts.feed_id < :below and posts.deleted_at is null
        order by posts.feed_id desc limit :most
    ) as latest
    order by latest.feed_id desc limit :most
"""
_EXACT = text(
    f"""
    with wanted as materialized ({_LATEST_OF_ALL})
    select {_JUDGED} from wanted join posts using (feed_id) join users on users.id = posts.author_id
    order by posts.feed_id desc
    """
)


async def exact(connection: AsyncConnection, viewer_id: int, *, below: int, most: int) -> list[Judged]:
    """The answer itself: the latest posts of the viewer and followees not muted, below a `feed_id`, highest first."""
    return _judged(await connection.execute(_EXACT, {"viewer_id": viewer_id, "below": below, "most": most}))


_SNAPSHOT = text(
    """
    select
        (select follow_ver from users where id = :viewer_id),
        array(
            select latest.feed_id
            from follows
            cross join lateral (
                select posts.feed_id from posts
                where posts.author_id = follows.followee_id and posts.feed_id >= :floor and posts.deleted_at is null
                order by posts.feed_id desc limit :most
            ) as latest
            where follows.follower_id = :viewer_id and follows.ver > :since
            order by latest.feed_id desc limit :most
        )
    """
)


async def snapshot(connection: AsyncConnection, viewer_id: int, *, since: int, floor: int, most: int) -> Snapshot:
    """The latest `most` posts at and above `floor` of those whom the viewer followed after version `since`."""
    parameters = {"viewer_id": viewer_id, "since": since, "floor": floor, "most": most}
    ver, feed_ids = (await connection.execute(_SNAPSHOT, parameters)).one()
    return Snapshot(ver or 0, feed_ids)


class Gone(NamedTuple):
    """Of some `feed_id`s: those whose authors the viewer, at version `ver`, does not follow; those that are deleted."""

    ver: int
    unfollowed: list[int]
    deleted: list[int]


_GONE = text(
    """
    select
        (select follow_ver from users where id = :viewer_id),
        array(
            select posts.feed_id from posts
            where posts.feed_id = any(cast(:feed_ids as bigint[])) and not exists (
                select from follows where follower_id = :viewer_id and followee_id = posts.author_id
            )
        ),
        array(
            select asked.feed_id from unnest(cast(:feed_ids as bigint[])) as asked (feed_id)
            where not exists (
                select from posts where posts.feed_id = asked.feed_id and posts.deleted_at is null
            )
        )
    """
)


async def gone(connection: AsyncConnection, viewer_id: int, feed_ids: Sequence[int]) -> Gone:
    """What does not belong on the viewer's timeline."""
    ver, unfollowed, deleted = (
        await connection.execute(_GONE, {"viewer_id": viewer_id, "feed_ids": list(feed_ids)})
    ).one()
    return Gone(ver or 0, unfollowed, deleted)


async def now(connection: AsyncConnection) -> int:
    """Unix seconds, of the database."""
    return int(await connection.scalar(text("select cast(extract(epoch from now()) as bigint)")) or 0)


def _judged(rows: Iterable[Any]) -> list[Judged]:
    width = len(_POST_COLUMNS)
    return [Judged(Post(*values[:width]), person(values[width:])) for values in rows]
