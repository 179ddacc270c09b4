"""The API's event loop under what could block it: passwords, uploads, and the work of a worker beside it."""

import asyncio
import io
import json
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE, Popen

import httpx2
from PIL import Image

from dev.embedded import EmbeddedServers
from tests.dev.processes import PROJECT, command
from tests.watched_api import watch
from tests.world import PASSWORD, Person, World

LONGEST_BLOCK_MS = 50
SECRET = "a secret of the tests, 32 or more"
LOG_IN = """mutation ($login: String!, $password: String!) {
  logIn(input: {login: $login, password: $password}) { viewer { user { username } } userErrors { code } }
}"""


@dataclass
class RemoteWorld(World):
    """The same people, asking over HTTP."""

    address: str = ""

    def __post_init__(self) -> None:
        self.http = httpx2.AsyncClient(base_url=self.address, timeout=30)


@contextmanager
def process(servers: EmbeddedServers, *arguments: str) -> Iterator[Popen[str]]:
    """A process over the servers of the tests, with production's hashes; ended by SIGTERM."""
    environment = {**servers.environment, "PHOTOFEED_SECRET_KEY": SECRET, "PHOTOFEED_PORT": "0"}
    with Popen(arguments, env=environment, cwd=PROJECT, stdout=PIPE, stderr=DEVNULL, text=True) as started:
        try:
            yield started
        finally:
            started.terminate()


async def test_passwords_uploads_and_jobs_never_block_the_event_loop(world: World, servers: EmbeddedServers) -> None:
    photo = await asyncio.to_thread(real_photo)
    with (
        process(servers, *command("worker")),
        process(servers, sys.executable, "-m", "tests.watched_api") as api,
    ):
        assert api.stdout is not None
        address = (await asyncio.to_thread(api.stdout.readline)).split()[-1]
        remote = RemoteWorld(world.asgi, world.app, address)
        async with aclosing(remote.http):
            people = [await remote.person() for _ in range(5)]
            logging_in = [remote.do(None, LOG_IN, login=one.username, password=PASSWORD) for one in people * 4]
            await asyncio.gather(*logging_in, *(publish(remote, one, photo) for one in people[:3]))
        api.terminate()
        blocked_ms = sorted(json.loads((await asyncio.to_thread(api.stdout.read)).splitlines()[-1]))
    assert len(blocked_ms) > 100
    assert blocked_ms[-1] < LONGEST_BLOCK_MS, blocked_ms[-10:]


async def test_the_watch_sees_what_keeps_the_loop() -> None:
    blocked_s: list[float] = []
    watching = asyncio.create_task(watch(blocked_s))
    await asyncio.sleep(0.05)
    compute()
    await asyncio.sleep(0.05)
    watching.cancel()
    assert max(blocked_s) > LONGEST_BLOCK_MS / 1_000


def compute() -> None:
    """Several times longer than a loop may be blocked, without letting go of the interpreter."""
    took_s, power = 0.0, 100_000
    while took_s < 5 * LONGEST_BLOCK_MS / 1_000:
        began, power = time.thread_time(), 2 * power
        pow(3, power)
        took_s = time.thread_time() - began


async def publish(world: World, author: Person, photo: bytes) -> None:
    """Upload and post it, and read the author's feed until it is there."""
    post_id = await world.post(author, mediaIds=[await world.upload(author, photo)])
    async with asyncio.timeout(30):
        while post_id not in await world.feed(author):
            pass


def real_photo() -> bytes:
    """Six megapixels, with grain, as a camera's."""
    file = io.BytesIO()
    Image.effect_noise((3_000, 2_000), 40).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()
