"""Inboxes: one per user, with the highest place that anything in it has, and how far it is read.

Whoever writes notifications holds the inboxes of their recipients; so what he reads after that, nobody else writes.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks
from stores.postgres.statements import among
from stores.postgres.tables import inboxes


class Inbox(NamedTuple):
    """How far an inbox goes and is read, all of one moment.

    `last`: the highest place in it; `last_feed_id`: the highest `feed_id` of all publications. `read_place`,
    `read_feed_id`: what is at and below them is read.
    """

    last: int
    read_place: int
    last_feed_id: int
    read_feed_id: int


_HOLD = text(
    """
    insert into inboxes (user_id)
    select id from unnest(cast(:user_ids as bigint[])) as wanted (id) order by id
    on conflict (user_id) do update set last = inboxes.last
    """
)


async def hold(connection: AsyncConnection, user_ids: Collection[int]) -> None:
    """Hold inboxes until the transaction ends, in the order of their users' ids; those that are missing are made.

    A transaction does this once, before it reads the truth about what it is to write.
    """
    await connection.execute(_HOLD, {"user_ids": list(set(user_ids))})


_MAKE_ROOM = text(
    """
    update inboxes set last = greatest(last, :earliest) + new.number
    from unnest(cast(:user_ids as bigint[]), cast(:numbers as integer[])) as new (user_id, number)
    where inboxes.user_id = new.user_id
    returning inboxes.user_id, inboxes.last
    """
)


async def make_room(connection: AsyncConnection, numbers: Mapping[int, int], *, earliest: int) -> dict[int, int]:
    """Take so many new places in each inbox, all above `earliest`; gives the highest of each.

    The inboxes must be held: so places become visible in their order.
    """
    given = {"user_ids": list(numbers), "numbers": list(numbers.values()), "earliest": earliest}
    made = await connection.execute(_MAKE_ROOM, given)
    return {row.user_id: row.last for row in made}


_BY_USERS = text(
    """
    select user_id, coalesce(inbox.last, 0), coalesce(read_place, 0), clock.last, coalesce(read_feed_id, 0)
    from (select coalesce(max(last), 0) as last from feed_clock) as clock
    cross join unnest(cast(:user_ids as bigint[])) as wanted (user_id)
    left join inboxes as inbox using (user_id)
    """
)


async def by_users(connection: Asks, user_ids: Collection[int]) -> dict[int, Inbox]:
    """The inbox of each, also where nothing has come yet."""
    rows = await connection.execute(_BY_USERS, {"user_ids": list(user_ids)})
    return {user_id: Inbox(*inbox) for user_id, *inbox in rows}


async def find(connection: AsyncConnection, user_id: int) -> Inbox:
    return (await by_users(connection, [user_id]))[user_id]


async def readers_of(connection: AsyncConnection, user_ids: Sequence[int], *, feed_id: int) -> set[int]:
    """Those of `user_ids` who have read of the publications up to this one."""
    statement = select(inboxes.c.user_id).where(among(inboxes.c.user_id, user_ids), inboxes.c.read_feed_id >= feed_id)
    return set(await connection.scalars(statement))


_MARK_READ = text(
    """
    insert into inboxes as inbox (user_id, read_feed_id)
    select :user_id, least(:feed_id, coalesce(max(last), 0)) from feed_clock
    on conflict (user_id) do update set
        read_place = greatest(inbox.read_place, least(:place, inbox.last)),
        read_feed_id = greatest(inbox.read_feed_id, excluded.read_feed_id)
    """
)


async def mark_read(connection: AsyncConnection, user_id: int, *, place: int, feed_id: int) -> None:
    """Move both marks forward, never back, and never beyond what there is."""
    await connection.execute(_MARK_READ, {"user_id": user_id, "place": place, "feed_id": feed_id})
