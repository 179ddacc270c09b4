"""Idempotency keys: what a request with this key made, and of which input."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.tables import idempotency_keys as keys


async def claim(
    connection: AsyncConnection,
    user_id: int,
    operation: str,
    key: str,
    *,
    fingerprint: bytes,
    result_id: int,
    window_s: float,
) -> tuple[int, bytes] | None:
    """Claim a key for a result: None when it was free, else the earlier result's id and its input's fingerprint.

    Free is a key that nobody claimed in the last `window_s`. Whoever comes second waits for the first one's commit.
    """
    fresh = insert(keys).values(
        user_id=user_id, operation=operation, key=key, fingerprint=fingerprint, result_id=result_id
    )
    claimed = await connection.execute(
        fresh.on_conflict_do_update(
            constraint=keys.primary_key,
            set_={name: fresh.excluded[name] for name in ("fingerprint", "result_id", "created_at")},
            where=keys.c.created_at < func.now() - timedelta(seconds=window_s),
        ).returning(keys.c.key)
    )
    if claimed.first() is not None:
        return None
    earlier = await connection.execute(
        select(keys.c.result_id, keys.c.fingerprint).where(
            keys.c.user_id == user_id, keys.c.operation == operation, keys.c.key == key
        )
    )
    earlier_id, earlier_fingerprint = earlier.one()
    return earlier_id, earlier_fingerprint


async def forget(connection: AsyncConnection, *, older_than_s: float) -> None:
    await connection.execute(delete(keys).where(keys.c.created_at < func.now() - timedelta(seconds=older_than_s)))
