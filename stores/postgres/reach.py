"""How authors reach their followers: by push, by pull, or by both."""

from typing import Literal, NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.tables import follows, users
from stores.rows import Entry

FanOutClass = Literal["PUSH", "PULL", "BOTH"]


class Reach(NamedTuple):
    """`both_s`: for how many seconds it has been BOTH on its way back to PUSH; None on its way to PULL."""

    fan_out_class: FanOutClass
    follower_count: int
    both_s: float | None


async def locked(connection: AsyncConnection, author_id: int) -> Reach | None:
    """Held until the transaction ends."""
    statement = (
        select(
            users.c.fan_out_class,
            users.c.follower_count,
            func.extract("epoch", func.now() - users.c.both_since),
        )
        .where(users.c.id == author_id)
        .with_for_update(key_share=True)
    )
    found = (await connection.execute(statement)).first()
    return None if found is None else Reach(found[0], found[1], None if found[2] is None else float(found[2]))


async def change(connection: AsyncConnection, author_id: int, to: FanOutClass, *, returning: bool = False) -> None:
    """`returning`: to BOTH, on the way back to PUSH, from now on."""
    both_since = func.now() if returning else None
    await connection.execute(
        update(users).where(users.c.id == author_id).values(fan_out_class=to, both_since=both_since)
    )


async def set_pulled(connection: AsyncConnection, author_id: int, is_pulled: bool, *, most: int) -> int:
    """Copy to at most `most` follows of an author whether his posts are pulled; gives how many differed.

    None differ where the author's class has become another in the meantime.
    """
    classes = ("BOTH", "PULL") if is_pulled else ("PUSH",)
    author = (
        select(users.c.id)
        .where(users.c.id == author_id, or_(*(users.c.fan_out_class == name for name in classes)))
        .with_for_update(read=True)
        .cte("author")
    )
    differing = (
        select(follows.c.follower_id)
        .where(follows.c.followee_id.in_(select(author.c.id)), follows.c.is_pulled != is_pulled)
        .limit(most)
    )
    changed = await connection.execute(
        update(follows)
        .where(follows.c.followee_id == author_id, follows.c.follower_id.in_(differing))
        .values(is_pulled=is_pulled)
    )
    return changed.rowcount


async def followers(connection: AsyncConnection, author_id: int, *, above: int, most: int) -> list[Entry]:
    """The next followers to push to, by the ids of their follows, lowest first; none where the author is PULL."""
    statement = (
        select(follows.c.id, follows.c.follower_id)
        .join(users, users.c.id == follows.c.followee_id)
        .where(follows.c.followee_id == author_id, follows.c.id > above, users.c.fan_out_class != "PULL")
        .order_by(follows.c.id)
        .limit(most)
    )
    return [Entry(*found) for found in await connection.execute(statement)]


async def due_for_push(connection: AsyncConnection, *, after_s: float, most: int) -> list[int]:
    """Authors who have been BOTH, on the way back to PUSH, for longer than any timeline lives."""
    waited = func.extract("epoch", func.now() - users.c.both_since)
    statement = select(users.c.id).where(users.c.both_since.is_not(None), waited > after_s).limit(most)
    return list(await connection.scalars(statement))
