"""The home feed in SQL: the exact answer, and what the timelines' protocol asks the truth for.

These are the only statements that look at follows and posts together. Where the two live in different databases, each
is asked as two, with the ids of the first in the second.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres import sights
from stores.postgres.asking import Asks
from stores.postgres.database import Database
from stores.postgres.sights import Sight

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


class Viewer(NamedTuple):
    """Of whom to tell at most `newest` follows, and undrained posts among the latest `undrained` of everybody's."""

    id: int
    newest: int
    undrained: int


_STANDINGS = text(
    """
    select
        cast(extract(epoch from now()) as bigint),
        (select follow_ver from users where id = viewer.id),
        array(
            select array[followee_id, ver] from follows
            where follower_id = viewer.id order by ver desc limit viewer.newest
        ),
        array(select followee_id from follows where follower_id = viewer.id and is_pulled),
        array(
            select late.feed_id
            from (select feed_id, author_id from fan_outs order by feed_id desc limit viewer.undrained) as late
            where exists (
                select from follows where follower_id = viewer.id and followee_id = late.author_id
            )
        ),
        (select max(last) from feed_clock)
    from unnest(cast(:ids as bigint[]), cast(:newest as integer[]), cast(:undrained as integer[]))
        with ordinality as viewer (id, newest, undrained, number)
    order by viewer.number
    """
)


async def standings(connection: Asks, viewers: Sequence[Viewer]) -> list[Standing]:
    """Where each stands, in the order of `viewers`."""
    ids, newest, undrained = zip(*viewers, strict=True)
    rows = await connection.execute(_STANDINGS, {"ids": ids, "newest": newest, "undrained": undrained})
    return [
        Standing(now, ver, [(followee_id, version) for followee_id, version in edges], pulled, late, last)
        for now, ver, edges, pulled, late, last in rows
    ]


async def standing(database: Database, viewer_id: int, *, newest: int, undrained: int) -> Standing:
    """At most `newest` follows; undrained ones among the latest `undrained` of all publications (0: none)."""
    [found] = await database.ask(standings, [Viewer(viewer_id, newest, undrained)])
    return found


class Pull(NamedTuple):
    """At most `most` posts of `authors` below `below`, and as many of all followees below `older_than` (0: none)."""

    viewer_id: int
    authors: tuple[int, ...]
    below: int
    older_than: int
    most: int


class Pulled(NamedTuple):
    """`feed_id`s, highest first: of those `authors`; of all followees."""

    latest: list[int]
    older: list[int]


_PULLED = text(
    """
    select
        array(
            select latest.feed_id
            from unnest((cast(cast(:authors as text) as bigint[]))[pull.first:pull.last]) as author (id)
            cross join lateral (
                select posts.feed_id from posts
                where posts.author_id = author.id and posts.feed_id < pull.below and posts.deleted_at is null
                order by posts.feed_id desc limit pull.most
            ) as latest
            order by latest.feed_id desc limit pull.most
        ),
        case when pull.older_than > 0 then array(
            select latest.feed_id
            from follows
            cross join lateral (
                select posts.feed_id from posts
                where posts.author_id = follows.followee_id and posts.feed_id < pull.older_than
                    and posts.deleted_at is null
                order by posts.feed_id desc limit pull.most
            ) as latest
            where follows.follower_id = pull.viewer_id
            order by latest.feed_id desc limit pull.most
        ) end
    from unnest(
        cast(:viewer_ids as bigint[]), cast(:firsts as integer[]), cast(:lasts as integer[]), cast(:below as bigint[]),
        cast(:older_than as bigint[]), cast(:most as integer[])
    ) with ordinality as pull (viewer_id, first, last, below, older_than, most, number)
    order by pull.number
    """
)


async def pulls(connection: Asks, asked: Sequence[Pull]) -> list[Pulled]:
    """What each asks for, in the order of `asked`."""
    viewer_ids, authors, below, older_than, most = zip(*asked, strict=True)
    given = {"viewer_ids": viewer_ids, **_slices(authors, "authors")}
    given |= {"below": below, "older_than": older_than, "most": most}
    return [Pulled(latest, older or []) for latest, older in await connection.execute(_PULLED, given)]


async def pulled(
    database: Database, viewer_id: int, authors: Iterable[int], *, below: int, older_than: int, most: int
) -> Pulled:
    """At most `most` of either; the second is empty where `older_than` is 0."""
    [found] = await database.ask(pulls, [Pull(viewer_id, tuple(authors), below, older_than, most)])
    return found


class Look(NamedTuple):
    """At posts, by their `feed_id`s, and at the latest `comments` of each."""

    viewer_id: int
    feed_ids: tuple[int, ...]
    comments: int


# Ordered when all is told: Postgres sends rows as soon as it has 8 KiB of them, and each time we would wake up.
_JUDGEMENTS = text(
    f"""
    with {sights.viewers("select distinct unnest(cast(:viewer_ids as bigint[]))")},
    judged as materialized (
        select look.number, (
            select {sights.all_told("look.comments")}
            from unnest((cast(cast(:feed_ids as text) as bigint[]))[look.first:look.last]) as asked (feed_id)
            join posts on posts.feed_id = asked.feed_id and {_LIVE}
            join users on users.id = posts.author_id
        ) as told
        from unnest(
            cast(:viewer_ids as bigint[]), cast(:firsts as integer[]), cast(:lasts as integer[]),
            cast(:comments as integer[])
        ) with ordinality as look (viewer_id, first, last, comments, number)
        join viewer on viewer.id = look.viewer_id
    )
    select told from judged order by number
    """
)


async def judgements(connection: Asks, asked: Sequence[Look]) -> list[list[Sight]]:
    """What each sees of those that are live and published, highest first."""
    viewer_ids, feed_ids, comments = zip(*asked, strict=True)
    given = {"viewer_ids": viewer_ids, **_slices(feed_ids, "feed_ids"), "comments": comments}
    rows = await connection.execute(_JUDGEMENTS, given | {"epoch": sights.epoch_of(connection)})
    return [sights.of_text(text) for (text,) in rows]


async def judged(database: Database, viewer_id: int, feed_ids: Iterable[int], *, comments: int) -> list[Sight]:
    """Those of `feed_ids` that are live and published, highest first."""
    [found] = await database.ask(judgements, [Look(viewer_id, tuple(feed_ids), comments)])
    return found


def _slices(lists: Sequence[Sequence[int]], name: str) -> dict[str, Any]:
    """Parameters: all of the lists together, by this name, and where each begins and ends there.

    Together they are an array as a text: asyncpg takes 20 times as long for each element of a list.
    """
    lasts = list(accumulate(map(len, lists)))
    firsts = [last - len(own) + 1 for last, own in zip(lasts, lists, strict=True)]
    together = ",".join(map(str, chain.from_iterable(lists)))
    return {name: f"{{{together}}}", "firsts": firsts, "lasts": lasts}


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
    with wanted as materialized ({_LATEST_OF_ALL}), {sights.viewers("select cast(:viewer_id as bigint)")}
    select {sights.all_told("cast(:comments as integer)")}
    from wanted cross join viewer join posts using (feed_id) join users on users.id = posts.author_id
    """
)


async def exact(
    connection: AsyncConnection, viewer_id: int, *, below: int, most: int, comments: int = 0
) -> list[Sight]:
    """The answer itself: the latest posts of the viewer and followees not muted, below a `feed_id`, highest first."""
    given = {"viewer_id": viewer_id, "below": below, "most": most, "comments": comments}
    return sights.of_text(await connection.scalar(_EXACT, given | {"epoch": sights.epoch_of(connection)}))


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
