"""Shard numbers for the ids that a process mints."""

from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.tables import id_shards


async def take_shard(connection: AsyncConnection) -> int:
    """The next of 8,192 numbers, going round: processes that live at the same time have different ones.

    Should a process outlive 8,191 later starts, the primary keys still refuse an id that was given twice.
    """
    return int(await connection.scalar(id_shards.next_value().select()))  # type: ignore[arg-type]
