"""Activities: what notifications are made of. One per recipient, kind, thing and actor, however often it was done.

What is undone stays, marked so: done again, it comes back to its old place. Writers hold the recipients' inboxes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Delete, delete, insert, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.statements import among
from stores.postgres.tables import activities
from stores.rows import NotificationKind


class Key(NamedTuple):
    """That `actor_id` did something of this kind to, or with, a thing, of which `recipient_id` is told."""

    recipient_id: int
    kind: NotificationKind
    thing_id: int
    actor_id: int


class Known(NamedTuple):
    notification_id: int
    is_undone: bool


class Changed(NamedTuple):
    """An activity of a notification that came or went."""

    notification_id: int
    actor_id: int


_GIVEN = """unnest(
    cast(:recipient_ids as bigint[]), cast(:kinds as text[]), cast(:thing_ids as bigint[]), cast(:actor_ids as bigint[])
) as given (recipient_id, kind, thing_id, actor_id)"""
_SAME = "(recipient_id, kind, thing_id, actor_id)"

_KNOWN = text(
    f"select recipient_id, kind, thing_id, actor_id, notification_id, is_undone "
    f"from {_GIVEN} join activities using {_SAME}"
)


async def known(connection: AsyncConnection, keys: Collection[Key]) -> dict[Key, Known]:
    """Those that happened before, undone or not."""
    rows = await connection.execute(_KNOWN, _arrays(keys))
    return {Key(*key): Known(notification_id, is_undone) for *key, notification_id, is_undone in rows}


_TURN = text(
    f"""
    update activities set is_undone = not is_undone
    from {_GIVEN}
    where (activities.recipient_id, activities.kind, activities.thing_id, activities.actor_id)
        = (given.recipient_id, given.kind, given.thing_id, given.actor_id)
    """
)


async def turn(connection: AsyncConnection, keys: Collection[Key]) -> None:
    """Undo what is done, and do again what is undone."""
    if keys:
        await connection.execute(_TURN, _arrays(keys))


async def add(connection: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    await connection.execute(insert(activities), rows)


async def recipients(connection: AsyncConnection, thing_ids: Sequence[int], *, most: int) -> set[int]:
    """Who has been told of these things, by `most` of the activities with them."""
    statement = select(activities.c.recipient_id).where(among(activities.c.thing_id, thing_ids)).limit(most)
    return set(await connection.scalars(statement))


async def remove_some(
    connection: AsyncConnection, thing_ids: Sequence[int], recipient_ids: Collection[int], *, most: int
) -> tuple[set[int], Counter[Changed]]:
    """Remove `most` of the activities with these things that these were told of.

    Gives the notifications that they were in, and how many went of each actor, not counting those undone before.
    """
    of = among(activities.c.thing_id, thing_ids) & among(activities.c.recipient_id, recipient_ids)
    return await _removed(connection, of, most)


async def remove_some_by(
    connection: AsyncConnection, recipient_id: int, actor_id: int, *, below: int, most: int
) -> tuple[set[int], Counter[Changed]]:
    """As `remove_some`, of what one was told of another, with places below this one."""
    of = (activities.c.recipient_id == recipient_id) & (activities.c.actor_id == actor_id)
    return await _removed(connection, of & (activities.c.place < below), most)


async def _removed(
    connection: AsyncConnection, of: ColumnElement[bool], most: int
) -> tuple[set[int], Counter[Changed]]:
    went = await connection.execute(
        _removing(of, most).returning(activities.c.notification_id, activities.c.actor_id, activities.c.is_undone)
    )
    rows = [(Changed(*changed), is_undone) for *changed, is_undone in went]
    return {changed.notification_id for changed, _ in rows}, Counter(changed for changed, undone in rows if not undone)


async def remove_some_in(connection: AsyncConnection, notification_ids: Collection[int], *, most: int) -> int:
    """Remove `most` of the activities in these notifications; gives how many there were."""
    removed = await connection.execute(_removing(among(activities.c.notification_id, notification_ids), most))
    return removed.rowcount


def _removing(of: ColumnElement[bool], most: int) -> Delete:
    key = activities.primary_key.columns
    return delete(activities).where(tuple_(*key).in_(select(*key).where(of).limit(most)))


def _arrays(keys: Iterable[Key]) -> dict[str, list[Any]]:
    """Any: ids or names."""
    columns = [list(column) for column in zip(*keys, strict=True)] or [[], [], [], []]
    return dict(zip(("recipient_ids", "kinds", "thing_ids", "actor_ids"), columns, strict=True))
