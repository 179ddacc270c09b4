from collections.abc import AsyncIterator

import pytest

from settings import Settings
from tests.patience import PATIENCE_S
from tests.server.toy import ServedToy, Toy, served_toy, toy


def edge_settings(**changed: object) -> Settings:
    """Addresses that nothing listens on: the toy connects to nothing."""
    nowhere = {
        "database_url": "postgresql://photofeed@127.0.0.1:1/photofeed",
        "redis_url": "redis://127.0.0.1:1/0",
        "s3_endpoint_url": "http://127.0.0.1:1",
        "s3_access_key": "key",
        "s3_secret_key": "secret",
        "secret_key": "s" * 32,
    }
    return Settings.model_validate({**nowhere, **changed})


@pytest.fixture
async def edge() -> AsyncIterator[Toy]:
    async with toy(edge_settings(cors_origins=["https://app.photofeed.test"])) as running:
        yield running


@pytest.fixture
async def production() -> AsyncIterator[Toy]:
    async with toy(edge_settings(introspection=False, graphiql=False)) as running:
        yield running


@pytest.fixture
async def live() -> AsyncIterator[ServedToy]:
    """On a real port, and often looking."""
    settings = edge_settings(
        cors_origins=["https://app.photofeed.test"],
        socket_init_s=PATIENCE_S,
        socket_operations=5,
        session_check_s=0.05,
        event_stream_keep_alive_s=0.1,
    )
    async with served_toy(settings) as running:
        yield running
