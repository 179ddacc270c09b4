"""Times for the demo's posts: what was made in half a minute looks as if it took weeks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.deps import Deps
from stores.ids import floor_of
from stores.postgres.tables import metadata, posts, users

SPAN = timedelta(days=24)
LATEST = timedelta(minutes=20)
HASTE = 1.7  # 1 spreads the posts evenly; more, and the latest are the closest to each other


async def back_date(deps: Deps) -> None:
    """Spread all posts over the time up to now, in their order; people were there before.

    `feed_id`, wherever it stands, stays in step with `published_at` and below the publication clock. Only for a
    database that nobody reads yet: for readers a post never moves.
    """
    now = datetime.now(UTC)
    async with deps.database.unit_of_work() as uow:
        published = list(await uow.connection.scalars(select(posts.c.feed_id).order_by(posts.c.feed_id)))
        for feed_id, age in zip(published, _ages(len(published)), strict=True):
            await _move(uow.connection, feed_id, now - age)
        await uow.connection.execute(update(users).values(created_at=now - 2 * SPAN))


async def _move(connection: AsyncConnection, feed_id: int, to: datetime) -> None:
    dates = {"created_at": to, "published_at": to}
    await connection.execute(update(posts).where(posts.c.feed_id == feed_id).values(dates))
    for table in metadata.sorted_tables:
        if "feed_id" in table.c:
            moved = update(table).values(feed_id=floor_of(int(to.timestamp() * 1000)))
            await connection.execute(moved.where(table.c.feed_id == feed_id))


def _ages(count: int) -> Iterator[timedelta]:
    """The oldest first."""
    for number in range(count):
        yield LATEST + SPAN * ((count - number) / count) ** HASTE
