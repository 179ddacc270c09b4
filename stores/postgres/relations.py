"""How people stand to each other besides following: requests to follow, blocks, mutes. A row says that it is so."""

from collections.abc import Sequence

from sqlalchemy import Column, Table, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.pages import Below, pages_below
from stores.postgres.statements import columns
from stores.postgres.tables import blocks, follow_requests, mutes, users
from stores.rows import Entry, Relation, User

_USER_COLUMNS = [f"users.{column.name}" for column in columns(users, User)]
_SEEN = text(
    f"""
    select
        asked.viewer_id,
        {", ".join(_USER_COLUMNS)},
        users.id = asked.viewer_id,
        users.is_private,
        exists (select from follows where follower_id = asked.viewer_id and followee_id = users.id),
        exists (select from follows where follower_id = users.id and followee_id = asked.viewer_id),
        exists (select from follow_requests where requester_id = asked.viewer_id and requestee_id = users.id),
        exists (select from blocks where blocker_id = asked.viewer_id and blocked_id = users.id),
        exists (select from blocks where blocker_id = users.id and blocked_id = asked.viewer_id),
        exists (select from mutes where muter_id = asked.viewer_id and muted_id = users.id)
    from unnest(cast(:viewer_ids as bigint[]), cast(:user_ids as bigint[])) as asked (viewer_id, user_id)
    join users on users.id = asked.user_id
    """
)


async def seen(
    connection: AsyncConnection, viewer_ids: Sequence[int], user_ids: Sequence[int]
) -> list[tuple[int, User, Relation]]:
    """For each pair of a viewer (0: signed out) and a user who exists: the viewer, the user, how they stand.

    All of one moment, in no order.
    """
    rows = await connection.execute(_SEEN, {"viewer_ids": list(viewer_ids), "user_ids": list(user_ids)})
    return [
        (viewer_id, User(*row[: len(_USER_COLUMNS)]), Relation(*row[len(_USER_COLUMNS) :])) for viewer_id, *row in rows
    ]


async def add(connection: AsyncConnection, table: Table, first_id: int, second_id: int, *, place: int) -> bool:
    """Of `follow_requests`, `blocks` or `mutes`: that the first has done it to the second; True when that is new."""
    first, second = _ends(table)
    added = await connection.execute(
        insert(table)
        .values({first.name: first_id, second.name: second_id, "id": place})
        .on_conflict_do_nothing()
        .returning(table.c.id)
    )
    return added.first() is not None


async def remove(connection: AsyncConnection, table: Table, first_id: int, second_id: int) -> bool:
    """True when it was so."""
    first, second = _ends(table)
    removed = await connection.execute(delete(table).where(first == first_id, second == second_id))
    return removed.rowcount > 0


async def are_apart(connection: AsyncConnection, user_id: int, other_id: int) -> bool:
    """Whether either has blocked the other."""
    both = {user_id, other_id}
    statement = select(blocks.c.id).where(blocks.c.blocker_id.in_(both), blocks.c.blocked_id.in_(both))
    return (await connection.execute(statement)).first() is not None


async def requester_pages(connection: AsyncConnection, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of who asks to follow somebody: the latest first."""
    return await _pages(connection, pages, follow_requests.c.requestee_id, follow_requests.c.requester_id)


async def blocked_pages(connection: AsyncConnection, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of whom somebody has blocked: the latest first."""
    return await _pages(connection, pages, blocks.c.blocker_id, blocks.c.blocked_id)


async def muted_pages(connection: AsyncConnection, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of whom somebody has muted: the latest first."""
    return await _pages(connection, pages, mutes.c.muter_id, mutes.c.muted_id)


async def _pages(
    connection: AsyncConnection, pages: Sequence[Below], owner: Column[int], entry: Column[int]
) -> list[list[Entry]]:
    return await pages_below(connection, pages, owner=owner, position=owner.table.c.id, entry=entry)


def _ends(table: Table) -> tuple[Column[int], Column[int]]:
    first, second, _ = table.c
    return first, second
