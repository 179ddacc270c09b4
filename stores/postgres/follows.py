"""Who follows whom. Counts live in `users`, and change with these rows."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks
from stores.postgres.pages import Below, pages_below
from stores.postgres.statements import among, pairs_among
from stores.postgres.tables import follows
from stores.rows import Entry


async def add(
    connection: AsyncConnection, follower_id: int, followee_id: int, *, follow_id: int, ver: int, is_pulled: bool
) -> bool:
    """True when there was no such follow before."""
    added = await connection.execute(
        insert(follows)
        .values(follower_id=follower_id, followee_id=followee_id, id=follow_id, ver=ver, is_pulled=is_pulled)
        .on_conflict_do_nothing()
        .returning(follows.c.id)
    )
    return added.first() is not None


async def remove(connection: AsyncConnection, follower_id: int, followee_id: int) -> bool:
    """True when there was such a follow."""
    removed = await connection.execute(
        delete(follows).where(follows.c.follower_id == follower_id, follows.c.followee_id == followee_id)
    )
    return removed.rowcount > 0


async def followed_among(connection: Asks, pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those pairs of a followee and a follower that are so."""
    return await pairs_among(connection, follows.c.followee_id, follows.c.follower_id, pairs)


async def followers_among(connection: AsyncConnection, followee_id: int, user_ids: Sequence[int]) -> set[int]:
    """Those of `user_ids` who follow somebody."""
    statement = select(follows.c.follower_id).where(
        follows.c.followee_id == followee_id, among(follows.c.follower_id, user_ids)
    )
    return set(await connection.scalars(statement))


async def follower_pages(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of somebody's followers: the newest first."""
    return await pages_below(
        connection, pages, owner=follows.c.followee_id, position=follows.c.id, entry=follows.c.follower_id
    )


async def followee_pages(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of those whom somebody follows: the latest followed first."""
    return await pages_below(
        connection, pages, owner=follows.c.follower_id, position=follows.c.ver, entry=follows.c.followee_id
    )
