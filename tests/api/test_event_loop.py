"""The API's event loop under what could block it: passwords, uploads, and the work of a worker beside it."""

import asyncio
import io
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE, Popen

from PIL import Image

from tests.dev.processes import PROJECT, command
from tests.patience import PATIENCE_S
from tests.watched_api import watch
from tests.world import PASSWORD, Person, World, web_client

LONGEST_BLOCK_MS = 50
TIMES = 3
"""Tries, as a machine may stand still for a moment. What blocks the loop blocks it each time."""
LOG_IN = """mutation ($login: String!, $password: String!) {
  logIn(input: {login: $login, password: $password}) { viewer { user { username } } userErrors { code } }
}"""


@dataclass
class RemoteWorld(World):
    """The same people, asking over HTTP."""

    address: str = ""

    def __post_init__(self) -> None:
        self.http = web_client(base_url=self.address)


@contextmanager
def process(environment: Mapping[str, str], *arguments: str) -> Iterator[Popen[str]]:
    """A process over the servers of the tests, with production's hashes; ended by SIGTERM."""
    needed = {name: value for name, value in environment.items() if "HASH" not in name} | {"PHOTOFEED_PORT": "0"}
    with Popen(arguments, env=needed, cwd=PROJECT, stdout=PIPE, stderr=DEVNULL, text=True) as started:
        try:
            yield started
        finally:
            started.terminate()


async def test_passwords_uploads_and_jobs_never_block_the_event_loop(world: World, environment: dict[str, str]) -> None:
    for _ in range(TIMES):
        blocked_ms = await blocks(world, environment)
        assert len(blocked_ms) > 100
        if blocked_ms[-1] < LONGEST_BLOCK_MS:
            break
    assert blocked_ms[-1] < LONGEST_BLOCK_MS, blocked_ms[-10:]


async def blocks(world: World, environment: Mapping[str, str]) -> list[float]:
    """For how long, in milliseconds, the loop of an API was blocked; the longest last."""
    photo = await asyncio.to_thread(real_photo)
    with (
        process(environment, *command("worker")),
        process(environment, sys.executable, "-m", "tests.watched_api") as api,
    ):
        assert api.stdout is not None
        address = (await asyncio.to_thread(api.stdout.readline)).split()[-1]
        remote = RemoteWorld(world.asgi, world.app, address)
        async with aclosing(remote.http):
            people = [await remote.person() for _ in range(5)]
            logging_in = [remote.do(None, LOG_IN, login=one.username, password=PASSWORD) for one in people * 4]
            await asyncio.gather(*logging_in, *(publish(remote, one, photo) for one in people[:3]))
        api.terminate()
        return sorted(json.loads((await asyncio.to_thread(api.stdout.read)).splitlines()[-1]))


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
    async with asyncio.timeout(PATIENCE_S):
        while post_id not in await world.feed(author):
            pass


def real_photo() -> bytes:
    """Six megapixels, with grain, as a camera's."""
    file = io.BytesIO()
    Image.effect_noise((3_000, 2_000), 40).convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()
