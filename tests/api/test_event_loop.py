"""The API's event loop under what could block it: passwords, uploads, and the work of a worker beside it."""

import asyncio
import io
import json
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import httpx2
import pytest
from PIL import Image

from dev.embedded import EmbeddedServers
from settings import Settings
from tests.dev.processes import PROJECT, command
from tests.watched_api import watch
from tests.world import PASSWORD, Person, World

LONGEST_BLOCK_MS = 50
LOG_IN = """mutation ($login: String!) {
  logIn(input: {login: $login, password: "%s"}) { viewer { user { username } } userErrors { code } }
}""" % PASSWORD


@dataclass
class RemoteWorld(World):
    """The same people, asking over HTTP."""

    address: str = ""

    def __post_init__(self) -> None:
        self.http = httpx2.AsyncClient(base_url=self.address, timeout=30)


@asynccontextmanager
async def process(settings: Settings, servers: EmbeddedServers, *arguments: str) -> AsyncIterator[Popen[str]]:
    """A process over the servers of the tests, with production's hashes; ended by SIGTERM."""
    environment = {**servers.environment, "PHOTOFEED_SECRET_KEY": settings.secret_key.get_secret_value()}
    started = Popen([*arguments], env={**environment, "PHOTOFEED_PORT": "0"}, cwd=PROJECT, stdout=PIPE, stderr=DEVNULL, text=True)
    with started:
        try:
            yield started
        finally:
            started.terminate()


async def test_passwords_uploads_and_jobs_never_block_the_event_loop(
    world: World, settings: Settings, servers: EmbeddedServers
) -> None:
    photo = await asyncio.to_thread(real_photo)
    async with (
        process(settings, servers, *command("worker")),
        process(settings, servers, sys.executable, "-m", "tests.watched_api") as api,
    ):
        assert api.stdout is not None
        address = (await asyncio.to_thread(api.stdout.readline)).split()[-1]
        remote = RemoteWorld(world.asgi, world.app, address)
        async with aclosing(remote.http):
            while (await remote.http.get("/readyz")).status_code != 200:
                await asyncio.sleep(0.1)
            people = [await remote.person() for _ in range(5)]
            reading = asyncio.create_task(keep_reading(remote, people[0]))
            logging_in = [remote.do(None, LOG_IN, login=person.username) for person in people * 4]
            await asyncio.gather(*logging_in, *(publish(remote, person, photo) for person in people))
            reading.cancel()
        api.terminate()
        blocked_ms = sorted(json.loads((await asyncio.to_thread(api.stdout.read)).splitlines()[-1]))
    print(len(blocked_ms), blocked_ms[-20:])
    assert 0


async def publish(world: World, author: Person, photo: bytes) -> None:
    """Upload, post, and wait until it is in the author's feed."""
    post_id = await world.post(author, mediaIds=[await world.upload(author, photo)])
    async with asyncio.timeout(30):
        while post_id not in await world.feed(author):
            await asyncio.sleep(0.05)


async def keep_reading(world: World, viewer: Person) -> None:
    while True:
        await world.feed(viewer)


def real_photo() -> bytes:
    """12 megapixels, with grain, as a camera's."""
    file = io.BytesIO()
    Image.effect_noise((4_000, 3_000), 40).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()
