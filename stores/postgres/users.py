"""Users: who they are to others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, any_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.statements import among, columns, fetch, fetch_one, text_array
from stores.postgres.tables import users
from stores.rows import User


def _selected() -> Select[Any]:
    return select(*columns(users, User))


async def by_ids(connection: AsyncConnection, ids: Sequence[int]) -> list[User]:
    return await fetch(connection, User, _selected().where(among(users.c.id, ids)))


async def by_usernames(connection: AsyncConnection, usernames: Sequence[str]) -> list[User]:
    return await fetch(connection, User, _selected().where(users.c.username == any_(text_array(usernames))))


async def public_among(connection: AsyncConnection, ids: Iterable[int]) -> set[int]:
    """Those of `ids` who exist and are not private."""
    return set(await connection.scalars(select(users.c.id).where(among(users.c.id, ids), ~users.c.is_private)))


class Held(NamedTuple):
    """What following changes of a user, or goes by."""

    follow_ver: int
    follower_count: int
    fan_out_class: str
    is_private: bool


async def locked(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Held]:
    """Hold users until the transaction ends, in the order of their ids; gives those that exist."""
    statement = (
        select(users.c.id, users.c.follow_ver, users.c.follower_count, users.c.fan_out_class, users.c.is_private)
        .where(among(users.c.id, ids))
        .order_by(users.c.id)
        .with_for_update(key_share=True)
    )
    return {user_id: Held(*held) for user_id, *held in await connection.execute(statement)}


async def add(
    connection: AsyncConnection, user_id: int, *, username: str, skeleton: str, display_name: str
) -> User | None:
    """None when the name, or one that looks like it, is taken."""
    statement = (
        insert(users)
        .values(id=user_id, username=username, username_skeleton=skeleton, display_name=display_name)
        .on_conflict_do_nothing()
        .returning(*columns(users, User))
    )
    return await fetch_one(connection, User, statement)


async def change(connection: AsyncConnection, user_id: int, values: Mapping[str, object]) -> User | None:
    """Set columns of a user; None when the new name, or one that looks like it, is taken."""
    statement = (
        update(users).where(users.c.id == user_id).values({"id": user_id, **values}).returning(*columns(users, User))
    )
    try:
        async with connection.begin_nested():
            return await fetch_one(connection, User, statement)
    except IntegrityError:
        return None


async def count_follow(connection: AsyncConnection, follower_id: int, followee_id: int, change: int) -> None:
    """Add `change` to what either counts of the other; following (change 1) also takes the follower's next version."""
    await connection.execute(
        update(users)
        .where(users.c.id == follower_id)
        .values(following_count=users.c.following_count + change, follow_ver=users.c.follow_ver + max(change, 0))
    )
    await connection.execute(
        update(users).where(users.c.id == followee_id).values(follower_count=users.c.follower_count + change)
    )
