"""Sessions: where accounts are signed in. A session that ended is as good as none."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks, maker
from stores.postgres.statements import asked, columns, fetch, fetch_one, version
from stores.postgres.tables import accounts, sessions
from stores.rows import Account, Session

_open = sessions.c.ended_at.is_(None)
_ACCOUNTS = (
    select(sessions.c.id, version(accounts), *columns(accounts, Account))
    .join(accounts, accounts.c.id == sessions.c.user_id)
    .where(asked(sessions.c.id), _open)
)


async def accounts_of(connection: Asks, session_ids: Sequence[int]) -> list[Account | None]:
    """Whose each session is; None where there is none, or it has ended."""
    account_of = maker(connection, Account)
    found = {
        values[0]: account_of(values[1], values[2:])
        for values in await connection.execute(_ACCOUNTS, {"keys": list(session_ids)})
    }
    return [found.get(session_id) for session_id in session_ids]


async def of_user(connection: AsyncConnection, user_id: int, most: int) -> Sequence[Session]:
    """Newest first."""
    statement = (
        select(*columns(sessions, Session))
        .where(sessions.c.user_id == user_id, _open)
        .order_by(sessions.c.id.desc())
        .limit(most)
    )
    return await fetch(connection, Session, statement)


async def add(connection: AsyncConnection, session_id: int, user_id: int, user_agent: str | None) -> Session:
    statement = (
        insert(sessions)
        .values(id=session_id, user_id=user_id, user_agent=user_agent)
        .returning(*columns(sessions, Session))
    )
    return Session(*(await connection.execute(statement)).one())


async def rotate(connection: AsyncConnection, session_id: int, generation: int, *, within_s: float) -> Session | None:
    """Move on to the refresh token after `generation`; None when that is not the latest, or older than `within_s`."""
    statement = (
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.generation == generation, _rotated_within(within_s), _open)
        .values(generation=generation + 1, rotated_at=func.now(), last_seen_at=func.now())
        .returning(*columns(sessions, Session))
    )
    return await fetch_one(connection, Session, statement)


async def just_rotated(
    connection: AsyncConnection, session_id: int, generation: int, *, within_s: float
) -> Session | None:
    """The session, if the swap of `generation` was its last one and not longer than `within_s` ago."""
    statement = select(*columns(sessions, Session)).where(
        sessions.c.id == session_id, sessions.c.generation == generation + 1, _rotated_within(within_s), _open
    )
    return await fetch_one(connection, Session, statement)


async def end(connection: AsyncConnection, session_id: int, *, of_user: int | None = None) -> bool:
    """True when there was such a session, of this user if given."""
    ended = await connection.execute(
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.user_id == (of_user or sessions.c.user_id), _open)
        .values(ended_at=func.now())
    )
    return ended.rowcount > 0


async def end_all(connection: AsyncConnection, user_id: int, *, but: int | None = None) -> None:
    """End every session of a user, `but` one."""
    await connection.execute(
        update(sessions)
        .where(sessions.c.user_id == user_id, sessions.c.id.is_distinct_from(but), _open)
        .values(ended_at=func.now())
    )


def _rotated_within(seconds: float) -> ColumnElement[bool]:
    return sessions.c.rotated_at > func.now() - timedelta(seconds=seconds)
