"""How far a viewer has seen his lists. A mark only moves forward."""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.tables import feed_clock, users


async def feed_seen(connection: AsyncConnection, viewer_id: int) -> int:
    """The `feed_id` up to which the home feed is seen; 0 for none."""
    return await connection.scalar(select(users.c.feed_seen_id).where(users.c.id == viewer_id)) or 0


async def set_feed_seen(connection: AsyncConnection, viewer_id: int, feed_id: int) -> None:
    await connection.execute(
        update(users).where(users.c.id == viewer_id).values(feed_seen_id=func.greatest(users.c.feed_seen_id, feed_id))
    )


async def latest_publication(connection: AsyncConnection) -> int:
    """The highest `feed_id` that anything has."""
    return await connection.scalar(select(func.max(feed_clock.c.last))) or 0
