"""Accounts: how people sign in."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks
from stores.postgres.statements import asked, columns, fetch, fetch_one
from stores.postgres.tables import accounts, users
from stores.rows import Account

_selected = select(*columns(accounts, Account))
_BY_IDS = _selected.where(asked(accounts.c.id))


async def by_ids(connection: Asks, ids: Sequence[int]) -> list[Account]:
    return await fetch(connection, Account, _BY_IDS, keys=list(ids))


async def locked(connection: AsyncConnection, user_id: int) -> Account | None:
    """Held until the transaction ends."""
    statement = _selected.where(accounts.c.id == user_id).with_for_update(key_share=True)
    return await fetch_one(connection, Account, statement)


async def by_login(connection: AsyncConnection, login: str) -> Account | None:
    """The account whose username or e-mail address this is; both are compared in lower case."""
    statement = _selected.join(users, users.c.id == accounts.c.id).where(
        or_(users.c.username == login, accounts.c.email_key == login)
    )
    return await fetch_one(connection, Account, statement)


async def add(
    connection: AsyncConnection, user_id: int, *, email: str, email_key: str, password_hash: str
) -> Account | None:
    """None when the address is taken."""
    statement = (
        insert(accounts)
        .values(id=user_id, email=email, email_key=email_key, password_hash=password_hash)
        .on_conflict_do_nothing()
        .returning(*columns(accounts, Account))
    )
    return await fetch_one(connection, Account, statement)


async def set_password_hash(connection: AsyncConnection, user_id: int, password_hash: str) -> None:
    await connection.execute(update(accounts).where(accounts.c.id == user_id).values(password_hash=password_hash))
