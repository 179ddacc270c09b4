"""What only those look at who look for a fault: deleted posts, the age of a follow, viewers by chance."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.statements import among, columns, fetch_one
from stores.postgres.tables import follows, posts, users
from stores.rows import PostStatus, Row


class InspectedPost(Row, frozen=True):
    id: int
    author_id: int
    status: PostStatus
    feed_id: int | None
    published_at: datetime | None
    deleted_at: datetime | None


async def post(connection: AsyncConnection, post_id: int) -> InspectedPost | None:
    """Also a deleted one; None where it never was, or is erased."""
    statement = select(*columns(posts, InspectedPost)).where(posts.c.id == post_id)
    return await fetch_one(connection, InspectedPost, statement)


async def followed_since(connection: AsyncConnection, follower_id: int, followee_id: int) -> datetime | None:
    """None where the one does not follow the other."""
    found: datetime | None = await connection.scalar(
        select(follows.c.created_at).where(follows.c.follower_id == follower_id, follows.c.followee_id == followee_id)
    )
    return found


async def users_by_chance(connection: AsyncConnection, *, most: int, besides: Sequence[int]) -> list[int]:
    """Ids of at most so many users. Reads the whole table's ids."""
    statement = select(users.c.id).where(~among(users.c.id, besides)).order_by(func.random()).limit(most)
    return list(await connection.scalars(statement))
