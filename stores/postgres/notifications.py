"""Notifications: alike activities about one thing, begun within a window. One without live activities has place 0."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Executable, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.activities import Changed
from stores.postgres.tables import notifications
from stores.rows import Notification, NotificationKind


class Subject(NamedTuple):
    """What a recipient's notifications of a kind are about; `subject_id` is 0 where that is the recipient."""

    recipient_id: int
    kind: NotificationKind
    subject_id: int


# Index probes for at most three actors, however many there are.
_LATEST_ACTORS = """
    array(
        with recursive latest as (
            (
                select place, array[actor_id] as actor_ids from activities
                where notification_id = notifications.id and not is_undone
                order by place desc limit 1
            )
            union all
            select earlier.place, latest.actor_ids || earlier.actor_id
            from latest cross join lateral (
                select place, actor_id from activities
                where notification_id = notifications.id and not is_undone
                    and place < latest.place and actor_id <> all(latest.actor_ids)
                order by place desc limit 1
            ) as earlier
            where cardinality(latest.actor_ids) < 3
        )
        select unnest(actor_ids) from (select actor_ids from latest order by place limit 1) as complete
    )
"""
_SELECTED = f"""
    select id, recipient_id, kind, post_id, comment_id, place, actor_count, newest_at, {_LATEST_ACTORS}
    from notifications
"""
_BY_IDS = text(f"{_SELECTED} where id = any(cast(:ids as bigint[])) and place > 0")
_BELOW = text(
    f"""{_SELECTED}
    where recipient_id = :recipient_id and place < :below and place > :above and place > 0
    order by place desc limit :most"""
)
_ABOVE = text(
    f"{_SELECTED} where recipient_id = :recipient_id and place > :above and place > 0 order by place limit :most"
)


async def by_ids(connection: AsyncConnection, ids: Sequence[int]) -> list[Notification]:
    return await _fetch(connection, _BY_IDS, ids=list(ids))


async def below(
    connection: AsyncConnection, recipient_id: int, place: int, *, above: int, most: int
) -> list[Notification]:
    """The highest `most` that are strictly between two places, highest first."""
    return await _fetch(connection, _BELOW, recipient_id=recipient_id, below=place, above=above, most=most)


async def grown_above(connection: AsyncConnection, recipient_id: int, place: int, *, most: int) -> list[Notification]:
    """The lowest `most` above a place, ascending: what came, or grew, after it."""
    return await _fetch(connection, _ABOVE, recipient_id=recipient_id, above=place, most=most)


_OPEN = text(
    """
    select recipient_id, kind, subject_id, newest.id
    from unnest(cast(:recipient_ids as bigint[]), cast(:kinds as text[]), cast(:subject_ids as bigint[]))
        as given (recipient_id, kind, subject_id)
    cross join lateral (
        select id, began_at from notifications
        where (notifications.recipient_id, notifications.kind, notifications.subject_id)
            = (given.recipient_id, given.kind, given.subject_id)
        order by id desc limit 1
    ) as newest
    where newest.began_at > now() - cast(:window as interval)
    """
)


async def open_ones(
    connection: AsyncConnection, subjects: Collection[Subject], *, window_s: float
) -> dict[Subject, int]:
    """The notifications about these that began within the last `window_s`: what is alike joins them."""
    recipient_ids, kinds, subject_ids = ([*column] for column in zip(*subjects, strict=True))
    given = {"recipient_ids": recipient_ids, "kinds": kinds, "subject_ids": subject_ids}
    rows = await connection.execute(_OPEN, {**given, "window": timedelta(seconds=window_s)})
    return {Subject(*subject): notification_id for *subject, notification_id in rows}


async def add(connection: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Without activities yet; `recount` follows."""
    if rows:
        await connection.execute(insert(notifications), rows)


# An actor counts once, however many activities of his are live: before this change they were `live - change`.
_RECOUNT = text(
    """
    with counted as (
        select
            notification_id,
            sum(case when live > 0 then 1 else 0 end - case when live > change then 1 else 0 end) as difference
        from unnest(cast(:notification_ids as bigint[]), cast(:actor_ids as bigint[]), cast(:changes as integer[]))
            as changed (notification_id, actor_id, change)
        cross join lateral (
            select count(*) as live from activities
            where activities.notification_id = changed.notification_id
                and activities.actor_id = changed.actor_id and not is_undone
        ) as lives
        group by notification_id
    )
    update notifications set
        actor_count = actor_count + counted.difference,
        place = coalesce(newest.place, 0),
        newest_at = coalesce(newest.created_at, newest_at),
        comment_id = case when kind = 'POST_COMMENTED' then coalesce(newest.thing_id, comment_id) else comment_id end
    from counted left join lateral (
        select place, thing_id, created_at from activities
        where activities.notification_id = counted.notification_id and not is_undone
        order by place desc limit 1
    ) as newest on true
    where notifications.id = counted.notification_id
    """
)


async def recount(connection: AsyncConnection, changes: Mapping[Changed, int]) -> None:
    """Bring notifications up to their activities, of which so many came (or, below 0, went) of each actor."""
    given = {
        "notification_ids": [changed.notification_id for changed in changes],
        "actor_ids": [changed.actor_id for changed in changes],
        "changes": list(changes.values()),
    }
    await connection.execute(_RECOUNT, given)


_REMOVE_EMPTY = text(
    """
    delete from notifications
    where id = any(cast(:ids as bigint[]))
        and not exists (select from activities where activities.notification_id = notifications.id)
    """
)


async def remove_empty(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Remove those that have no activities any more, not even undone ones."""
    await connection.execute(_REMOVE_EMPTY, {"ids": list(ids)})


async def oldest(connection: AsyncConnection, *, below_id: int, most: int) -> dict[int, int]:
    """The recipients of the oldest `most` whose ids are below `below_id`, by notification."""
    statement = (
        select(notifications.c.id, notifications.c.recipient_id)
        .where(notifications.c.id < below_id)
        .order_by(notifications.c.id)
        .limit(most)
    )
    return {row.id: row.recipient_id for row in await connection.execute(statement)}


async def _fetch(connection: AsyncConnection, statement: Executable, **given: Any) -> list[Notification]:
    """Any: whatever the statement is given."""
    rows = await connection.execute(statement, given)
    return [Notification(*(*values, tuple(actor_ids))) for *values, actor_ids in rows]
