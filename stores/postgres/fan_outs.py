"""Fan-outs under way: published posts that are not on all timelines yet."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.statements import among
from stores.postgres.tables import fan_outs, posts


class FanOut(NamedTuple):
    """`reached_id`: the last of the author's followers who has the post, as the id of his follow; 0 for none."""

    feed_id: int
    author_id: int
    reached_id: int


async def find(connection: AsyncConnection, post_id: int) -> FanOut | None:
    """None where it is done, or the post is gone."""
    statement = (
        select(fan_outs.c.feed_id, fan_outs.c.author_id, fan_outs.c.reached_id)
        .join(posts, posts.c.id == fan_outs.c.post_id)
        .where(fan_outs.c.post_id == post_id, posts.c.deleted_at.is_(None))
    )
    found = (await connection.execute(statement)).first()
    return None if found is None else FanOut(*found)


async def reached(connection: AsyncConnection, post_id: int, follow_id: int) -> None:
    await connection.execute(
        update(fan_outs)
        .where(fan_outs.c.post_id == post_id)
        .values(reached_id=func.greatest(fan_outs.c.reached_id, follow_id))
    )


async def drained(connection: AsyncConnection, post_id: int) -> None:
    """Every timeline that shall have the post has it."""
    await connection.execute(delete(fan_outs).where(fan_outs.c.post_id == post_id))


async def undrained_among(connection: AsyncConnection, feed_ids: Sequence[int]) -> set[int]:
    """Those of `feed_ids` that are not on all timelines yet."""
    return set(await connection.scalars(select(fan_outs.c.feed_id).where(among(fan_outs.c.feed_id, feed_ids))))


class FanOutBacklog(NamedTuple):
    """How many posts are not on all timelines yet, and how long ago the first of them was published, in seconds."""

    undrained: int
    oldest_s: float


async def backlog(connection: AsyncConnection) -> FanOutBacklog:
    oldest_s = (
        select(func.extract("epoch", func.now() - posts.c.published_at))
        .join(fan_outs, fan_outs.c.feed_id == posts.c.feed_id)
        .order_by(fan_outs.c.feed_id)
        .limit(1)
        .scalar_subquery()
    )
    undrained, age_s = (await connection.execute(select(func.count(), oldest_s).select_from(fan_outs))).one()
    return FanOutBacklog(undrained, float(age_s or 0))
