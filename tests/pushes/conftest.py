"""A Photofeed that tells devices, and the push service that their browsers subscribed to."""

from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from settings import Settings
from stores.vapid import Vapid, new_private_key
from tests.processes import another_process
from tests.push_receiver import Receiver, receiving
from tests.world import World

VAPID_KEY, CONTACT = new_private_key(), "mailto:somebody@photofeed.example"


@pytest.fixture(scope="package")
async def push_service() -> AsyncIterator[Receiver]:
    async with receiving(Vapid(VAPID_KEY, CONTACT).public_key) as one:
        yield one


@pytest.fixture
def receiver(push_service: Receiver) -> Iterator[Receiver]:
    """Nobody has subscribed yet; all that it was sent during the test was in order."""
    push_service.forget()
    yield push_service
    assert push_service.trouble == []


@pytest.fixture(scope="package")
def pushing_settings(settings: Settings, push_service: Receiver) -> Settings:
    """With a key; the receiver may be inside, and nobody else."""
    changes = {
        "vapid_private_key": SecretStr(VAPID_KEY),
        "vapid_contact": CONTACT,
        "push_private_origins": [push_service.origin],
    }
    return settings.model_copy(update=changes)


@pytest.fixture(scope="package")
async def pushing_process(pushing_settings: Settings) -> AsyncIterator[World]:
    async with another_process(pushing_settings) as process:
        yield process


@pytest.fixture
def pushing(world: World, pushing_process: World) -> World:
    """The API and the worker of a Photofeed with a key; as empty as `world`."""
    return pushing_process
