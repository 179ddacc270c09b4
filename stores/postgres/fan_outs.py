"""Fan-outs under way: published posts that are not on all timelines yet."""

from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

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
