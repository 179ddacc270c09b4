"""`photofeed seed`: a database full of invented people, follows and posts, to see how Photofeed does with many.

The same number makes the same rows, whenever and wherever it is sown, but for the salt in the password's hash.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import make_url

import wiring
from dev.home import CannotStart
from dev.seed.pool import Pooled, stored
from dev.seed.sowing import Sowing
from migrations.run import pending
from settings import Settings
from stores.postgres.tables import metadata

PASSWORD = "sown by the thousands"
PICTURES = 24
PEOPLE_MOST = 1 << 23  # ids of follows tell so many followers apart
MADE_BY_MIGRATIONS = {"feed_clock"}


class CannotSeed(CannotStart):
    """What speaks against it, in one line that is shown to the person who wants it."""


async def fill(
    settings: Settings, *, users: int, follows: int, posts: int, seed: int, pictures: int = PICTURES
) -> None:
    """Fill an empty database: all of it, or nothing where it is interrupted. Raises CannotSeed.

    Everybody has one password, which is told at the end.
    """
    _check_size(users, follows)
    async with wiring.running(settings) as app:
        await _check_servers(app)
        async with _connected(settings) as connection:
            with _progress() as progress:
                async with connection.transaction():
                    await _check_empty(connection)
                    sowing = Sowing(connection, progress, seed, await _pool(app, progress, seed, pictures))
                    password_hash = await app.deps.passwords.hash(PASSWORD)
                    keenest = await sowing.people(users, follows, password_hash, settings.pull_threshold)
                    await sowing.posts(posts)
                await _vacuum(connection, progress)
    Console(highlight=False).print(f'To try it, log in as {keenest.username}, with the password "{PASSWORD}".')


async def _pool(app: wiring.App, progress: Progress, seed: int, count: int) -> list[Pooled]:
    task = progress.add_task("Drawing pictures", total=count)
    return await stored(app.deps, seed=seed, count=count, advance=lambda: progress.advance(task))


def _check_size(users: int, follows: int) -> None:
    if users > PEOPLE_MOST:
        raise CannotSeed(f"at most {PEOPLE_MOST:,} people.")
    if follows > users * (users - 1):
        raise CannotSeed(f"{users:,} people make at most {users * (users - 1):,} follows.")


async def _check_servers(app: wiring.App) -> None:
    for name, trouble in (await app.health()).items():
        if trouble is not None:
            raise CannotSeed(f"{name}: {trouble}. `photofeed doctor` says more.")
    if await pending(app.deps.settings.database_url.get_secret_value()):
        raise CannotSeed("the database lacks tables: run `photofeed migrate` first.")


async def _check_empty(connection: asyncpg.Connection) -> None:
    """And keep it so: nobody signs up until the transaction ends."""
    await connection.execute("lock table users in share row exclusive mode")
    for name in sorted(metadata.tables.keys() - MADE_BY_MIGRATIONS):
        if await connection.fetchval(f"select exists (select from {name})"):
            raise CannotSeed(f"the database is not empty, there are {name} in it. Take a new one.")


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """Without the time-out of requests."""
    url = make_url(settings.database_url.get_secret_value()).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


async def _vacuum(connection: asyncpg.Connection, progress: Progress) -> None:
    """For the planner, and for scans of nothing but an index."""
    tables = sorted(metadata.tables)
    for table in progress.track(tables, description="Tidying up"):
        await connection.execute(f"vacuum analyze {table}")


def _progress() -> Progress:
    return Progress(TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
