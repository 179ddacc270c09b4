"""How far followers' devices are told of a published post: chunk after chunk, each announced once."""

from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.tables import push_fan_outs


async def advance(connection: AsyncConnection, post_id: int, *, above: int, up_to: int) -> bool:
    """Take the chunk of follows in (above, up_to]; False where somebody has taken what comes after `above`."""
    taken = await connection.execute(
        insert(push_fan_outs)
        .values(post_id=post_id, reached_id=up_to)
        .on_conflict_do_update(
            index_elements=["post_id"], set_={"reached_id": up_to}, where=push_fan_outs.c.reached_id == above
        )
    )
    return taken.rowcount > 0


async def forget(connection: AsyncConnection, *, older_than_s: float) -> None:
    await connection.execute(
        delete(push_fan_outs).where(push_fan_outs.c.began_at < func.now() - timedelta(seconds=older_than_s))
    )
