"""Web Push subscriptions: the devices that an account is told on. One whose session has ended is as good as none.

They belong to the accounts, with the follows: posts may live in another database.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.statements import among, columns, fetch, fetch_one
from stores.postgres.tables import follows, mutes, push_subscriptions, sessions, users
from stores.rows import PushSubscription

_is_muted = exists().where(mutes.c.muter_id == follows.c.follower_id, mutes.c.muted_id == follows.c.followee_id)
_open = (sessions.c.id == push_subscriptions.c.session_id) & sessions.c.ended_at.is_(None)


def _selected() -> Select[Any]:
    return select(*columns(push_subscriptions, PushSubscription)).join(sessions, _open)


async def put(connection: AsyncConnection, values: Mapping[str, object]) -> None:
    """Store a subscription; the one with the same endpoint, whose ever it was, becomes this one."""
    given = insert(push_subscriptions).values(**values)
    kept = {name: given.excluded[name] for name in ("user_id", "session_id", "p256dh", "auth")}
    await connection.execute(
        given.on_conflict_do_update(index_elements=["endpoint"], set_={**kept, "registered_at": func.now()})
    )


async def keep_latest(connection: AsyncConnection, user_id: int, most: int) -> None:
    """Remove a user's subscriptions but the `most` registered latest, and those whose sessions have ended."""
    mine = push_subscriptions.c.user_id == user_id
    latest = (
        select(push_subscriptions.c.id)
        .where(mine, exists().where(_open))
        .order_by(push_subscriptions.c.registered_at.desc(), push_subscriptions.c.id.desc())
        .limit(most)
    )
    await connection.execute(delete(push_subscriptions).where(mine, push_subscriptions.c.id.not_in(latest)))


async def remove(connection: AsyncConnection, user_id: int, endpoint: str) -> None:
    """No error where the user has none with this endpoint."""
    await connection.execute(
        delete(push_subscriptions).where(
            push_subscriptions.c.user_id == user_id, push_subscriptions.c.endpoint == endpoint
        )
    )


async def drop(connection: AsyncConnection, ids: Sequence[int]) -> None:
    await connection.execute(delete(push_subscriptions).where(among(push_subscriptions.c.id, ids)))


async def find(connection: AsyncConnection, subscription_id: int) -> PushSubscription | None:
    return await fetch_one(connection, PushSubscription, _selected().where(push_subscriptions.c.id == subscription_id))


async def of_user(connection: AsyncConnection, user_id: int) -> list[PushSubscription]:
    return await fetch(connection, PushSubscription, _selected().where(push_subscriptions.c.user_id == user_id))


async def chunk_end(connection: AsyncConnection, author_id: int, *, above: int, most: int) -> int | None:
    """The last of the next `most` follows of an author, by their ids; None where there are no more."""
    chunk = (
        select(follows.c.id)
        .where(follows.c.followee_id == author_id, follows.c.id > above)
        .order_by(follows.c.id)
        .limit(most)
        .subquery()
    )
    end: int | None = await connection.scalar(select(func.max(chunk.c.id)))
    return end


async def of_followers(
    connection: AsyncConnection, author_id: int, *, above: int, up_to: int, unseen: int
) -> list[PushSubscription]:
    """Of those with follows in (above, up_to] who have not muted the author; see `of_follower` for `unseen`."""
    return await fetch(
        connection,
        PushSubscription,
        _of_followers(author_id, unseen).where(follows.c.id > above, follows.c.id <= up_to),
    )


async def of_follower(
    connection: AsyncConnection, author_id: int, *, subscription_id: int, unseen: int
) -> PushSubscription | None:
    """None where its account does not follow the author, has muted him, or has seen its feed up to `unseen`."""
    return await fetch_one(
        connection,
        PushSubscription,
        _of_followers(author_id, unseen).where(push_subscriptions.c.id == subscription_id),
    )


def _of_followers(author_id: int, unseen: int) -> Select[Any]:
    return (
        _selected()
        .join(users, users.c.id == push_subscriptions.c.user_id)
        .join(follows, follows.c.follower_id == push_subscriptions.c.user_id)
        .where(follows.c.followee_id == author_id, users.c.feed_seen_id < unseen, ~_is_muted)
    )
