"""How people stand to each other besides following: requests to follow, blocks, mutes. A row says that it is so."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks, maker
from stores.postgres.keeping import Maker
from stores.postgres.pages import Below, pages_below
from stores.postgres.statements import among, columns, pairs_among
from stores.postgres.tables import blocks, follow_requests, mutes, users
from stores.rows import RELATIONS, Entry, Person, User

NOBODY = 0
"""Stands for a viewer who is signed out, and for a user whom there is not."""
_USER_COLUMNS = [f"users.{column.name}" for column in columns(users, User)]
_USER_END = 1 + len(_USER_COLUMNS)


def relation(viewer: str, user: str = "users", *, facts: str | None = None) -> str:
    """The number of a relation: of the user whose id is the expression `viewer` to that of a row `user`.

    `facts`: a row with the columns of `facts`, which saves asking for what few people do.
    """

    def if_at_all(fact: str, condition: str) -> str:
        return f"{facts}.{fact} and {condition}" if facts else condition

    requested = f"exists (select from follow_requests where requester_id = {viewer} and requestee_id = {user}.id)"
    return numbered(
        f"{user}.id = {viewer}",
        f"{user}.is_private",
        f"exists (select from follows where follower_id = {viewer} and followee_id = {user}.id)",
        if_at_all("asks", requested),
        if_at_all("blocks", f"exists (select from blocks where blocker_id = {viewer} and blocked_id = {user}.id)"),
        if_at_all("is_blocked", f"exists (select from blocks where blocker_id = {user}.id and blocked_id = {viewer})"),
        if_at_all("mutes", f"exists (select from mutes where muter_id = {viewer} and muted_id = {user}.id)"),
    )


def sight(user: str, *, facts: str) -> str:
    """The number of a relation as far as it says what the viewer may see: whether he follows who is not private, none.

    `facts`: as of `relation`, with the viewer's `id`.
    """
    viewer = f"{facts}.id"
    return numbered(
        f"{user}.id = {viewer}",
        f"{user}.is_private",
        f"{user}.is_private and exists (select from follows where follower_id = {viewer} and followee_id = {user}.id)",
        "false",
        f"{facts}.blocks and exists (select from blocks where blocker_id = {viewer} and blocked_id = {user}.id)",
        f"{facts}.is_blocked and exists (select from blocks where blocker_id = {user}.id and blocked_id = {viewer})",
        "false",
    )


def facts(viewer: str) -> str:
    """What the user whose id is the expression `viewer` does, or suffers, at all: columns for `relation`."""
    return f"""
        exists (select from follow_requests where requester_id = {viewer}) as asks,
        exists (select from blocks where blocker_id = {viewer}) as blocks,
        exists (select from blocks where blocked_id = {viewer}) as is_blocked,
        exists (select from mutes where muter_id = {viewer}) as mutes
    """


def numbered(*flags: str) -> str:
    """The number of the relation that has these flags, expressions in the order of its fields."""
    return " + ".join(
        f"(case when {flag} then {1 << bit} else 0 end)" for bit, flag in enumerate(flags) if flag != "false"
    )


def person_columns(viewer: str) -> str:
    """What a `Person` is made of: for a row of `users`, seen by the user whose id is the expression `viewer`."""
    return f"users.xmin, {', '.join(_USER_COLUMNS)}, {relation(viewer)}"


def person(user_of: Maker[User], values: Sequence[Any]) -> Person:
    """Of the values of `person_columns`. Any: of whatever types the columns are."""
    return Person(user_of(values[0], values[1:_USER_END]), RELATIONS[values[_USER_END]])


_SEEN = text(
    f"""
    select asked.viewer_id, {person_columns("asked.viewer_id")}
    from unnest(cast(:viewer_ids as bigint[]), cast(:user_ids as bigint[])) as asked (viewer_id, user_id)
    join users on users.id = asked.user_id
    """
)
_SEEN_BY_USERNAME = text(
    f"""
    select asked.viewer_id, {person_columns("asked.viewer_id")}
    from unnest(cast(:viewer_ids as bigint[]), cast(:usernames as text[])) as asked (viewer_id, username)
    join users on users.username = asked.username
    """
)


async def seen(connection: Asks, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Person]:
    """By pairs of a viewer and a user: the users who exist, as the viewers stand to them, all of one moment."""
    viewer_ids, user_ids = [viewer_id for viewer_id, _ in pairs], [user_id for _, user_id in pairs]
    given, user_of = {"viewer_ids": viewer_ids, "user_ids": user_ids}, maker(connection, User)
    found = [(values[0], person(user_of, values[1:])) for values in await connection.execute(_SEEN, given)]
    return {(viewer_id, one.user.id): one for viewer_id, one in found}


async def seen_by_username(connection: Asks, pairs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Person]:
    """By pairs of a viewer and a name: those who have the names, as the viewers stand to them."""
    viewer_ids, usernames = [viewer_id for viewer_id, _ in pairs], [username for _, username in pairs]
    given, user_of = {"viewer_ids": viewer_ids, "usernames": usernames}, maker(connection, User)
    found = [(values[0], person(user_of, values[1:])) for values in await connection.execute(_SEEN_BY_USERNAME, given)]
    return {(viewer_id, one.user.username): one for viewer_id, one in found}


async def some_requesters(connection: AsyncConnection, user_id: int, *, most: int) -> list[int]:
    """The first `most` who asked to follow somebody and wait for the answer."""
    statement = (
        select(follow_requests.c.requester_id)
        .where(follow_requests.c.requestee_id == user_id)
        .order_by(follow_requests.c.id)
        .limit(most)
    )
    return list(await connection.scalars(statement))


async def requests_among(connection: Asks, pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those pairs of a requester and a requestee that are so."""
    return await pairs_among(connection, follow_requests.c.requester_id, follow_requests.c.requestee_id, pairs)


async def add(connection: AsyncConnection, table: Table, first_id: int, second_id: int, *, place: int) -> bool:
    """Of `follow_requests`, `blocks` or `mutes`: that the first has done it to the second; True when that is new."""
    first, second = _ends(table)
    added = await connection.execute(
        insert(table)
        .values({first.name: first_id, second.name: second_id, "id": place})
        .on_conflict_do_nothing()
        .returning(table.c.id)
    )
    return added.first() is not None


async def remove(connection: AsyncConnection, table: Table, first_id: int, second_id: int) -> bool:
    """True when it was so."""
    first, second = _ends(table)
    removed = await connection.execute(delete(table).where(first == first_id, second == second_id))
    return removed.rowcount > 0


async def blockers(connection: AsyncConnection, user_id: int, other_id: int) -> set[int]:
    """Which of two people has blocked the other."""
    both = [user_id, other_id]
    statement = select(blocks.c.blocker_id).where(among(blocks.c.blocker_id, both), among(blocks.c.blocked_id, both))
    return set(await connection.scalars(statement))


async def requester_pages(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of who asks to follow somebody: the latest first."""
    return await _pages(connection, pages, follow_requests.c.requestee_id, follow_requests.c.requester_id)


async def blocked_pages(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of whom somebody has blocked: the latest first."""
    return await _pages(connection, pages, blocks.c.blocker_id, blocks.c.blocked_id)


async def muted_pages(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of whom somebody has muted: the latest first."""
    return await _pages(connection, pages, mutes.c.muter_id, mutes.c.muted_id)


async def _pages(connection: Asks, pages: Sequence[Below], owner: Column[int], entry: Column[int]) -> list[list[Entry]]:
    return await pages_below(connection, pages, owner=owner, position=owner.table.c.id, entry=entry)


def _ends(table: Table) -> tuple[Column[int], Column[int]]:
    first, second, _ = table.c
    return first, second
