"""Servers that these tests may kill, and workers and the API as processes of their own."""

import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from random import randrange

import pytest

import wiring
from bench.processes import Api, P, Worker, started
from dev.embedded import EmbeddedServers, Server, running
from migrations.run import upgrade
from server.app import create_app
from settings import Settings
from stores.redis.connection import connect
from tests.patience import PATIENCE_S, PATIENT, as_in_production
from tests.world import World

StartWorker = Callable[..., Worker]
StartApi = Callable[..., Api]
SHORTENED = {
    "sweep_every_s": 0.2,
    "sweep_after_s": 1,
    "job_retry_s": 1,
    "job_timeout_s": 5,
    "queue_poll_s": 0.05,
    "shutdown_grace_s": 5,
    "hash_memory_kib": 64,
    "hash_passes": 1,
}
"""So that nobody waits for minutes; what production waits for is in `settings.py`."""


@pytest.fixture(scope="package")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    with running(Path(tmp_path_factory.mktemp("faulty")), fast=True) as embedded:
        upgrade(embedded.database_url)
        yield embedded


@pytest.fixture(scope="package")
async def settings(servers: EmbeddedServers) -> Settings:
    addresses = {name.removeprefix("PHOTOFEED_").lower(): value for name, value in servers.environment.items()}
    secret = {"secret_key": "a secret of the tests, 32 or more"}
    chosen = {**addresses, **secret, **PATIENT, **SHORTENED, **as_in_production("redis_timeout_s")}
    settings = Settings.model_validate(chosen)
    await wiring.ensure_buckets(settings)
    return settings


@pytest.fixture(scope="package")
async def photofeed(settings: Settings) -> AsyncIterator[World]:
    asgi = create_app(settings)
    async with asgi.router.lifespan_context(asgi):
        yield World(asgi, asgi.state.backend)


@pytest.fixture
async def redis(servers: EmbeddedServers, settings: Settings) -> AsyncIterator[Server]:
    """Redis, empty; in order again after the test, whatever it did."""
    server = servers.valkey
    async with connect(servers.redis_url, timeout_s=PATIENCE_S) as client:
        await client.flushall()
    yield server
    if server.runs:
        os.kill(server.pid, signal.SIGCONT)
        server.kill()
    server.start()


@pytest.fixture
def seed() -> int:
    """Of the schedule, another one each time; PHOTOFEED_TEST_SEED repeats one. A failed test prints it."""
    chosen = int(os.environ.get("PHOTOFEED_TEST_SEED", randrange(1_000_000)))
    print(f"PHOTOFEED_TEST_SEED={chosen}")
    return chosen


@pytest.fixture
def start_worker(settings: Settings, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts a worker, with these settings changed; it has ended after the test."""
    with starting(Worker, settings, tmp_path) as start:
        yield start


@pytest.fixture
def start_api(settings: Settings, tmp_path: Path) -> Iterator[StartApi]:
    """Starts an API process on a free port, with these settings changed; it has ended after the test."""
    with starting(Api, settings.model_copy(update={"port": 0}), tmp_path) as start:
        yield start


@pytest.fixture(scope="package")
def another_api(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An API process that nobody harms; all tests have the same."""
    with starting(Api, settings.model_copy(update={"port": 0}), tmp_path_factory.mktemp("another")) as start:
        yield start()


@contextmanager
def starting(kind: type[P], settings: Settings, logs: Path) -> Iterator[Callable[..., P]]:
    numbers = count(1)
    with ExitStack() as stack:

        def start(**changes: object) -> P:
            process = kind(settings.model_copy(update=changes), logs / f"{kind.command}{next(numbers)}.log")
            return stack.enter_context(started(process))

        yield start
