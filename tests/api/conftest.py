"""Other settings of the API, for tests that need them."""

from collections.abc import AsyncIterator

import pytest

from settings import Settings
from tests.processes import another_process
from tests.world import World


@pytest.fixture
async def hashless(world: World, settings: Settings) -> AsyncIterator[World]:
    """An API that answers UNAVAILABLE as soon as it has to hash a password."""
    async with another_process(settings, hash_queue=-settings.hash_concurrency) as process:
        yield process
