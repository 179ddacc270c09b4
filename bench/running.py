"""A Photofeed of its own for a measurement: a durable Postgres, a Redis without files, and what one process has."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
from redis.asyncio import Redis
from sqlalchemy import exists, select, text

import wiring
from dev import embedded
from dev.embedded import EmbeddedServers
from dev.embedded.nobody import discard_outside
from migrations.run import upgrade
from settings import Settings
from stores.postgres.tables import outbox
from stores.redis.connection import connect

PATIENCE_S = 60.0  # with what fills the stores
POLL_S = 0.005
PATIENT: dict[str, Any] = {  # settings, of whatever types
    "timeline_timeout_s": PATIENCE_S,
    "redis_timeout_s": PATIENCE_S,
    "database_pool_wait_s": PATIENCE_S,
    "database_statement_timeout_ms": int(1_000 * PATIENCE_S),
    "job_timeout_s": int(2 * PATIENCE_S),
}
"""Settings with which a busy machine refuses nobody, and does nothing twice."""
SECRET = "a secret of the benches, 32 or more"


@dataclass(frozen=True)
class Bench:
    servers: EmbeddedServers
    settings: Settings
    app: wiring.App
    redis: Redis

    async def vacuum(self) -> None:
        """As autovacuum would in time: for the planner, and for scans of nothing but an index."""
        async with self.app.deps.database.engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(text(f"set statement_timeout = '{PATIENCE_S:.0f}s'"))
            await outside.execute(text("vacuum analyze"))
            await outside.execute(text("reset statement_timeout"))

    async def nothing_announced(self) -> bool:
        """Whether all jobs are done."""
        async with self.app.deps.database.read() as connection:
            return not await connection.scalar(select(exists().select_from(outbox)))


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    """Asks again and again: what another process does, no event tells."""
    while not await condition():  # noqa: ASYNC110
        await asyncio.sleep(POLL_S)


@asynccontextmanager
async def photofeed(*, postgres: Mapping[str, str] | None = None, **changes: object) -> AsyncIterator[Bench]:
    """With these settings changed, and those of Postgres; nothing of it is left at the end."""
    with servers() as its_servers:
        await asyncio.to_thread(configure, its_servers, postgres or {})
        async with _connected(its_servers, changes) as bench:
            yield bench


@contextmanager
def servers() -> Iterator[EmbeddedServers]:
    with TemporaryDirectory(prefix="photofeed-bench-") as directory:
        home = Path(directory)
        home.chmod(0o711)  # so that Postgres, which does not run as root, has its data within
        try:
            with embedded.running(home) as running:
                yield running
        finally:
            discard_outside(home)


def configure(servers: EmbeddedServers, settings: Mapping[str, str]) -> None:
    """Have Postgres run with these settings; it is restarted unless they are those that it was given before."""
    if asyncio.run(_given(servers.database_url, settings)):
        servers.postgres.stop()
        servers.postgres.start()


async def _given(database_url: str, settings: Mapping[str, str]) -> bool:
    """True where it had others; they hold from the next start on."""
    connection = await asyncpg.connect(database_url)
    try:
        own = "select name, setting from pg_file_settings where sourcefile like '%/postgresql.auto.conf'"
        if {row["name"]: row["setting"] for row in await connection.fetch(own)} == settings:
            return False
        for name, value in settings.items():
            await connection.execute(f"alter system set {name} = '{value}'")
        return True
    finally:
        await connection.close()


@asynccontextmanager
async def _connected(servers: EmbeddedServers, changes: dict[str, object]) -> AsyncIterator[Bench]:
    await asyncio.to_thread(upgrade, servers.database_url)
    settings = _settings(servers, changes)
    async with wiring.running(settings) as app, connect(servers.redis_url, timeout_s=PATIENCE_S) as redis:
        await redis.config_set("appendonly", "no")
        yield Bench(servers, settings, app, redis)


def _settings(servers: EmbeddedServers, changes: dict[str, object]) -> Settings:
    addresses = {name.removeprefix("PHOTOFEED_").lower(): value for name, value in servers.environment.items()}
    return Settings.model_validate({**addresses, "secret_key": SECRET, **changes})
