"""Bring a database to the newest revision, and say where one stands."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from stores.postgres.database import asyncpg_url

FOLDER = Path(__file__).parent


def upgrade(database_url: str) -> None:
    """Run what is missing, each revision in a transaction; who comes second waits. Not for use inside an event loop."""
    asyncio.run(_run(database_url, lambda config: command.upgrade(config, "head")))


def check(database_url: str) -> None:
    """Raise `alembic.util.CommandError` where the tables in the code are not those that the revisions make."""
    asyncio.run(_run(database_url, command.check))


async def pending(database_url: str) -> bool:
    """Whether revisions are missing from a database."""
    engine = create_async_engine(asyncpg_url(database_url), poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            at = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await engine.dispose()
    return at != ScriptDirectory.from_config(_config()).get_current_head()


async def _run(database_url: str, action: Callable[[Config], object]) -> None:
    engine = create_async_engine(asyncpg_url(database_url), poolclass=pool.NullPool)

    def act(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        action(config)

    try:
        async with engine.connect() as connection:
            await connection.run_sync(act)
    finally:
        await engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
