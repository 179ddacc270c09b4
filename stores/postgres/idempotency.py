"""Idempotency keys: what a request with this key made, and of which input."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.tables import idempotency_keys as keys


class Claim(NamedTuple):
    """That the input of this fingerprint, sent by a user with this key, made this result."""

    user_id: int
    key: str
    fingerprint: bytes
    result_id: int


async def claim(
    connection: AsyncConnection, operation: str, claims: Sequence[Claim], *, window_s: float
) -> dict[tuple[int, str], Claim]:
    """Claim keys, each of which stands in `claims` once; gives for each user and key the claim that counts.

    That is the given one, unless the key was claimed in the last `window_s`; then it is the earlier one. Whoever comes
    second waits for the first one's commit. Keys are claimed in one order, so that two transactions never wait for
    each other.
    """
    if not claims:
        return {}
    fresh = insert(keys)
    claimed = await connection.execute(
        fresh.on_conflict_do_update(
            constraint=keys.primary_key,
            set_={name: fresh.excluded[name] for name in ("fingerprint", "result_id", "created_at")},
            where=keys.c.created_at < func.now() - timedelta(seconds=window_s),
        ).returning(keys.c.user_id, keys.c.key),
        [{"operation": operation, **claim._asdict()} for claim in sorted(claims, key=_place)],
    )
    free = {(user_id, key) for user_id, key in claimed}
    counting = {_place(claim): claim for claim in claims if _place(claim) in free}
    taken = [claim for claim in claims if _place(claim) not in free]
    if taken:
        counting |= await _earlier(connection, operation, taken)
    return counting


async def _earlier(connection: AsyncConnection, operation: str, taken: Sequence[Claim]) -> dict[tuple[int, str], Claim]:
    statement = select(keys.c.user_id, keys.c.key, keys.c.fingerprint, keys.c.result_id).where(
        keys.c.operation == operation, tuple_(keys.c.user_id, keys.c.key).in_([_place(claim) for claim in taken])
    )
    earlier = [Claim(*row) for row in await connection.execute(statement)]
    return {_place(claim): claim for claim in earlier}


def _place(claim: Claim) -> tuple[int, str]:
    return claim.user_id, claim.key


async def forget(connection: AsyncConnection, *, older_than_s: float) -> None:
    await connection.execute(delete(keys).where(keys.c.created_at < func.now() - timedelta(seconds=older_than_s)))
