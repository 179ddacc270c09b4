"""Real servers for a test session, and a world for each test: an empty Photofeed with its API in process."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck

import wiring
from bench import processes
from dev.embedded import EmbeddedServers, running
from execution.executor import BatchedExecutor
from migrations.run import upgrade
from server import logs
from server.app import create_app
from settings import Settings
from tests.patience import PATIENCE_S, PATIENT
from tests.serving import served
from tests.world import World, emptied

hypothesis.settings.register_profile("photofeed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("photofeed")
processes.START_TIMEOUT_S = processes.STOP_TIMEOUT_S = PATIENCE_S

LONG_TEST_S = 1_800  # in place of `timeout` in pyproject.toml


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--by-core", action="store_true", help="have graphql-core execute all that is in process")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("by_core"):
        BatchedExecutor.plan = None  # type: ignore[assignment]  # declines whatever comes


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("by_core"):
        items[:] = [item for item in items if not item.get_closest_marker("batches")]
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(LONG_TEST_S))


def pytest_collection_finish() -> None:
    """Looking again and again for garbage among what stays would be a tenth of all work."""
    gc.freeze()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Where PHOTOFEED_TEST_NO_SKIP is set, as in CI, what cannot run has failed."""
    if report.skipped and os.environ.get("PHOTOFEED_TEST_NO_SKIP"):
        report.outcome = "failed"


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    home = tmp_path_factory.mktemp("servers")
    with running(Path(home), fast=True) as embedded:
        upgrade(embedded.database_url)
        yield embedded


@pytest.fixture(scope="session")
async def settings(servers: EmbeddedServers) -> Settings:
    """Hashes that cost little, and patience with a busy machine; everything else as it is in production."""
    chosen = Settings.model_validate(
        {
            "database_url": servers.database_url,
            "redis_url": servers.redis_url,
            "s3_endpoint_url": servers.s3_endpoint_url,
            "s3_access_key": servers.s3_access_key,
            "s3_secret_key": servers.s3_secret_key,
            "secret_key": "a secret of the tests, 32 or more",
            "hash_memory_kib": 64,
            "hash_passes": 1,
            **PATIENT,
        }
    )
    await wiring.ensure_buckets(chosen)
    return chosen


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """For processes over the same servers, with the same settings."""
    return processes.environment(settings)


@pytest.fixture(scope="session")
async def photofeed(settings: Settings) -> AsyncIterator[World]:
    """The API of the whole session; a test takes `world`."""
    logs.configure("json")
    asgi = create_app(settings)
    async with asgi.router.lifespan_context(asgi):
        yield World(asgi, asgi.state.backend)


@pytest.fixture
async def world(photofeed: World) -> World:
    """Nobody has signed up yet, and nothing is waiting to be done."""
    await emptied(photofeed.app)
    return photofeed


@pytest.fixture(scope="session")
async def api(settings: Settings) -> AsyncIterator[str]:
    """The address of the API on a real HTTP server."""
    async with served(create_app(settings)) as address:
        yield address
