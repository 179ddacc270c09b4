"""What alembic runs: one connection, handed in by `migrations.run` or opened from PHOTOFEED_DATABASE_URL."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from stores.postgres.database import asyncpg_url
from stores.postgres.tables import metadata

ONE_AT_A_TIME = 7_102_025  # an advisory lock, so that two `photofeed migrate` do not meet


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_server_default=True)
    with context.begin_transaction():
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        context.run_migrations()
    connection.commit()


async def migrate_by_address() -> None:
    engine = create_async_engine(asyncpg_url(os.environ["PHOTOFEED_DATABASE_URL"]), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(migrate_by_address())
