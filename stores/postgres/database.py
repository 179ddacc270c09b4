"""Connections to Postgres: short reads, and units of work that announce what must follow."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import asyncpg
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from stores.errors import StoreUnavailable
from stores.postgres import outbox
from stores.postgres.asking import K, Question, V
from stores.postgres.keeping import R
from stores.postgres.outbox import Event
from stores.postgres.readers import Readers

QUERY_CANCELED = "57014"  # by its time-out

Routes = Mapping[type[Event], Sequence[str]]
"""Which jobs an announced event needs."""


@dataclass(frozen=True, kw_only=True)
class PoolLimits:
    size: int
    readers: int
    rows_kept: int
    wait_s: float
    connect_timeout_s: float
    statement_timeout_ms: int


@dataclass(slots=True)
class UnitOfWork:
    """One transaction. What it announces becomes rows of the outbox, so it commits or vanishes with the write."""

    connection: AsyncConnection
    routes: Routes
    sweep_after_s: float
    announced: list[tuple[int, str]] = field(default_factory=list)
    woken: set[str] = field(default_factory=set)

    async def announce(self, *events: Event, after_s: float = 0) -> None:
        """Promise the jobs that `events` need: enqueued after the commit, or after `after_s`, by the sweeper."""
        jobs = [(job, event) for event in events for job in self.routes[type(event)]]
        if not jobs:
            return
        added = await outbox.add(self.connection, jobs, sweep_after_s=after_s or self.sweep_after_s)
        if not after_s:
            self.announced += added

    def wake(self, topic: str) -> None:
        """After the commit, have those look who follow this topic live. It may get lost; they look now and then."""
        self.woken.add(topic)


class Database:
    """Whatever goes wrong with the connection, rather than with the statement, is raised as `StoreUnavailable`."""

    def __init__(
        self,
        url: str,
        limits: PoolLimits,
        *,
        routes: Routes,
        sweep_after_s: float,
        enqueue: Callable[[Sequence[tuple[int, str]]], None],
        wake: Callable[[Collection[str]], None],
    ) -> None:
        self.engine = engine(url, limits)
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = Readers(
            partial(_reader, self.engine, limits), size=limits.readers, wait_s=limits.wait_s, rows_kept=limits.rows_kept
        )
        self._routes, self._sweep_after_s, self._enqueue, self._wake = routes, sweep_after_s, enqueue, wake

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for one or a few reads; every statement sees what is committed when it starts."""
        return self._connected(self._reading)

    async def ask(self, question: Question[K, V], keys: Sequence[K]) -> list[V]:
        """An answer for each key, in their order, by a statement that starts now or later.

        All who ask the same question before it starts share it: under load, most questions of most operations.
        """
        return await self._readers.ask(question, keys)

    @property
    def keeps_rows(self) -> bool:
        """Whether any that has been read is ever `known`."""
        return self._readers.kept.are_any

    def known(self, kind: type[R], id_: int, version: int) -> R | None:
        """The row of this id in this version, if it has been read and is kept."""
        return self._readers.kept.known(kind, id_, version)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """Commits at the end of the block, unless it raises; then enqueues the announced jobs, and wakes followers."""
        async with self._connected(self.engine) as connection, connection.begin():
            uow = UnitOfWork(connection, self._routes, self._sweep_after_s)
            yield uow
        if uow.announced:
            self._enqueue(uow.announced)
        if uow.woken:
            self._wake(uow.woken)

    async def ping(self) -> None:
        async with self.read() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        await self._readers.close()
        await self.engine.dispose()

    @asynccontextmanager
    async def _connected(self, source: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        try:
            async with source.connect() as connection:
                yield connection
        except (PoolTimeout, OSError, InterfaceError, OperationalError) as error:
            raise StoreUnavailable("Postgres does not answer") from error
        except DBAPIError as error:
            if error.connection_invalidated or getattr(error.orig, "sqlstate", None) == QUERY_CANCELED:
                raise StoreUnavailable("Postgres does not answer") from error
            raise


def engine(url: str, limits: PoolLimits) -> AsyncEngine:
    return create_async_engine(
        asyncpg_url(url),
        pool_size=limits.size,
        max_overflow=0,
        pool_timeout=limits.wait_s,
        hide_parameters=True,  # they would be in logged errors
        connect_args={"timeout": limits.connect_timeout_s, "server_settings": _server_settings(limits)},
    )


async def _reader(engine: AsyncEngine, limits: PoolLimits) -> "asyncpg.Connection[asyncpg.Record]":
    _, address = engine.dialect.create_connect_args(engine.url)
    return await asyncpg.connect(
        **address,
        timeout=limits.connect_timeout_s,
        command_timeout=limits.statement_timeout_ms / 1_000 + limits.connect_timeout_s,
        server_settings=_server_settings(limits) | {"plan_cache_mode": "force_generic_plan"},
    )


def _server_settings(limits: PoolLimits) -> dict[str, str]:
    return {
        "application_name": "photofeed",
        "statement_timeout": str(limits.statement_timeout_ms),
        "timezone": "UTC",
        "jit": "off",
    }


def asyncpg_url(url: str) -> URL:
    """The URL as operators write it, for SQLAlchemy with asyncpg."""
    return make_url(url).set(drivername="postgresql+asyncpg")
