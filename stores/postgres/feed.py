"""The home feed in SQL: the exact answer, and what the timelines' protocol asks the truth for.

These are the only statements that look at follows and posts together. Where the two live in different databases, each
is asked as two, with the ids of the first in the second.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres import sights
from stores.postgres.asking import Asks, maker
from stores.postgres.database import Database
from stores.postgres.sights import Sight
from stores.postgres.statements import columns
from stores.postgres.tables import accounts
from stores.rows import Account

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


class Entrance(NamedTuple):
    """Who comes in, by a session of theirs."""

    viewer: Viewer
    session_id: int


_STANDING = """
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
"""
_STANDINGS = text(
    f"""
    select {_STANDING}
    from unnest(
        cast(cast(:ids as text) as bigint[]), cast(cast(:newest as text) as integer[]),
        cast(cast(:undrained as text) as integer[])
    ) with ordinality as viewer (id, newest, undrained, number)
    order by viewer.number
    """
)
_STANDING_END = len(Standing._fields)
_ACCOUNT = ", ".join([f"accounts.{column.name}" for column in columns(accounts, Account)])
# Without a limit, the sessions and accounts of all would be read to join them.
_ENTERED = text(
    f"""
    select {_STANDING}, owner.*
    from unnest(
        cast(cast(:ids as text) as bigint[]), cast(cast(:newest as text) as integer[]),
        cast(cast(:undrained as text) as integer[]), cast(cast(:session_ids as text) as bigint[])
    ) with ordinality as viewer (id, newest, undrained, session_id, number)
    left join lateral (
        select accounts.xmin as version, {_ACCOUNT} from sessions join accounts on accounts.id = sessions.user_id
        where sessions.id = viewer.session_id and sessions.ended_at is null
        limit 1
    ) as owner on true
    order by viewer.number
    """
)


async def standings(connection: Asks, viewers: Sequence[Viewer]) -> list[Standing]:
    """Where each stands, in the order of `viewers`."""
    return [_standing(values) for values in await connection.execute(_STANDINGS, _given(viewers))]


async def standing(database: Database, viewer_id: int, *, newest: int, undrained: int) -> Standing:
    """At most `newest` follows; undrained ones among the latest `undrained` of all publications (0: none)."""
    [found] = await database.ask(standings, [Viewer(viewer_id, newest, undrained)])
    return found


async def entered(connection: Asks, entrances: Sequence[Entrance]) -> list[tuple[Account | None, Standing]]:
    """For each in their order: whose the session is, as `sessions.accounts_of` has it, and where the viewer stands."""
    viewers, session_ids = zip(*entrances, strict=True)
    account_of = maker(connection, Account)
    found = []
    for values in await connection.execute(_ENTERED, _given(viewers) | {"session_ids": _array(session_ids)}):
        version, *account = values[_STANDING_END:]
        owner = None if version is None else account_of(version, account)
        found.append((owner, _standing(values[:_STANDING_END])))
    return found


def _given(viewers: Sequence[Viewer]) -> dict[str, str]:
    return dict(zip(("ids", "newest", "undrained"), map(_array, zip(*viewers, strict=True)), strict=True))


def _standing(values: Sequence[Any]) -> Standing:
    """Of the values of `_STANDING`. Any: of whatever types the columns are."""
    now, ver, edges, pulled, late, last = values
    return Standing(now, ver, [(followee_id, version) for followee_id, version in edges], pulled, late, last)


class Look(NamedTuple):
    """At the highest `most` posts of these together: those `proposed`, by their `feed_id`s; those of `authors` below
    `below`; those of all followees below `older_than` (0: none). And at the latest `comments` of each."""

    viewer_id: int
    proposed: tuple[int, ...]
    authors: tuple[int, ...]
    below: int
    older_than: int
    most: int
    comments: int


class Seen(NamedTuple):
    """What a look has found: those that are live and published, highest first.

    `low`: the `feed_id` down to which it has looked; 0 where there is nothing below.
    """

    sights: list[Sight]
    low: int


def _latest(below: str) -> str:
    """The highest posts below a `feed_id` that somebody's look is at, of the author whose id is `author.id`."""
    return f"""
        cross join lateral (
            select posts.feed_id from posts
            where posts.author_id = author.id and posts.feed_id < {below} and posts.deleted_at is null
            order by posts.feed_id desc limit look.most
        ) as latest
    """


# Ordered when all is told: Postgres sends rows as soon as it has 8 KiB of them, and each time we would wake up.
_SEEN = text(
    f"""
    with {sights.viewers("select distinct unnest(cast(cast(:viewer_ids as text) as bigint[]))")},
    seen as materialized (
        select look.number, found.told, found.low
        from unnest(
            cast(cast(:viewer_ids as text) as bigint[]), cast(cast(:proposed as text) as text[]),
            cast(cast(:authors as text) as text[]), cast(cast(:below as text) as bigint[]),
            cast(cast(:older_than as text) as bigint[]), cast(cast(:most as text) as integer[]),
            cast(cast(:comments as text) as integer[])
        ) with ordinality as look (viewer_id, proposed, authors, below, older_than, most, comments, number)
        join viewer on viewer.id = look.viewer_id
        cross join lateral (
            select
                {sights.all_told("look.comments")} as told,
                case when count(*) = look.most then min(candidate.feed_id) else 0 end as low
            from unnest(array(
                select unnest(cast(look.proposed as bigint[])) as feed_id
                union select latest.feed_id
                from unnest(cast(look.authors as bigint[])) as author (id) {_latest("look.below")}
                union select latest.feed_id
                from (
                    select followee_id as id from follows where follower_id = look.viewer_id and look.older_than > 0
                ) as author {_latest("look.older_than")}
                order by feed_id desc limit look.most
            )) as candidate (feed_id)
            left join posts on posts.feed_id = candidate.feed_id and {_LIVE}
            left join users on users.id = posts.author_id
        ) as found
    )
    select told, low from seen order by number
    """
)


async def seen(connection: Asks, looks: Sequence[Look]) -> list[Seen]:
    """What each look finds, in their order."""
    viewer_ids, proposed, authors, *numbers = zip(*looks, strict=True)
    given = {"viewer_ids": _array(viewer_ids), "proposed": _arrays(proposed), "authors": _arrays(authors)}
    given |= zip(("below", "older_than", "most", "comments"), map(_array, numbers), strict=True)
    rows = await connection.execute(_SEEN, given | {"epoch": sights.epoch_of(connection)})
    return [Seen(sights.of_text(connection, told), low) for told, low in rows]


async def look(database: Database, at: Look) -> Seen:
    """What this look finds, of one moment."""
    [found] = await database.ask(seen, [at])
    return found


def _array(numbers: Iterable[int]) -> str:
    """As Postgres writes it: asyncpg looks long at each element of a list."""
    return f"{{{','.join(map(str, numbers))}}}"


def _arrays(lists: Iterable[Iterable[int]]) -> str:
    """Of texts, each an array."""
    return "{" + ",".join([f'"{_array(numbers)}"' for numbers in lists]) + "}"


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
    told = await connection.scalar(_EXACT, given | {"epoch": sights.epoch_of(connection)})
    return sights.of_text(connection, told)


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
