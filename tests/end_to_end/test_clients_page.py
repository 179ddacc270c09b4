"""docs/clients.md: its code for Apollo Client, urql and Relay shows every post once, in order, whatever is cut."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bench.processes import Api, started
from settings import Settings
from tests.clients_page import written
from tests.faults.proxy import Proxy, proxy
from tests.patience import PATIENCE_S
from tests.server.node import needs_node, running
from tests.world import PASSWORD, Person, World

pytestmark = [pytest.mark.long, *needs_node("relay-runtime")]

CLIENTS = "apollo", "urql", "relay"
TOKEN_ENDED, RESTART = 4403, 1012
SLOW_BY_S = 3_600


@dataclass
class Shown:
    """What one client shows: the posts as they came, the newest last; and why its sockets were closed."""

    client: str
    posts: list[str] = field(default_factory=list)
    pages: int = 0
    closed: list[int] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, printing: asyncio.StreamReader) -> None:
        async for line in printing:
            what, told = json.loads(line)
            assert what in ("page", "added", "closed"), told
            if what == "page":
                self.pages, self.posts = self.pages + 1, told[::-1]
            elif what == "added":
                self.posts.append(told)
            else:
                self.closed.append(told)
            self.heard.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self.heard.clear()
                await self.heard.wait()


@dataclass
class Stage:
    """Three clients who follow one author, through a proxy, by one process of the API."""

    world: World
    author: Person
    api: Api
    between: Proxy
    shown: list[Shown]
    posts: list[str]

    async def publish(self, count: int) -> None:
        self.posts += [await self.world.post(self.author) for _ in range(count)]

    async def all_show_it(self) -> None:
        for one in self.shown:
            await one.until(lambda: self.posts[-1] in one.posts)  # noqa: B023  # awaited at once
            assert one.posts == self.posts, one.client

    async def restart(self) -> None:
        await asyncio.to_thread(self.api.start)
        self.between.to_ports = [self.api.port]


@asynccontextmanager
async def stage(
    world: World, settings: Settings, directory: Path, *, slow_s: int = 0, **changes: object
) -> AsyncIterator[Stage]:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ana, ben)
    posts, files = [await world.post(ben)], written(directory)
    process = Api(settings.model_copy(update={"port": 0, **changes}), directory / "api.log")
    async with AsyncExitStack() as stack:
        api = stack.enter_context(started(process))
        between, port = await stack.enter_async_context(proxy(api.port))
        shown, readings = [], list[asyncio.Task[None]]()
        stack.push_async_callback(lambda: asyncio.wait(readings))  # they end with what they read
        for client in CLIENTS:
            shown.append(one := Shown(client))
            arguments = str(files), client, f"http://127.0.0.1:{port}", ana.username, PASSWORD, str(slow_s)
            printing = await stack.enter_async_context(running("follow_feed.mjs", *arguments))
            readings.append(asyncio.create_task(one.read(printing)))
        yield Stage(world, ben, api, between, shown, posts)


async def test_they_go_on_after_the_last_event_when_sockets_are_cut_and_the_server_restarts(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    async with stage(world, settings, tmp_path) as on:
        await on.all_show_it()
        await on.publish(2)
        await on.all_show_it()
        await on.between.cut()
        await on.publish(3)
        await on.all_show_it()
        await asyncio.to_thread(on.api.stop)
        await on.publish(3)
        await on.restart()
        await on.all_show_it()
        await asyncio.to_thread(on.api.kill)
        await on.publish(3)
        await on.restart()
        await on.all_show_it()
        for one in on.shown:
            assert RESTART in one.closed
            assert one.pages == 1


@pytest.mark.parametrize("slow_s", [0, SLOW_BY_S], ids=["its clock is right", "its clock is slow"])
async def test_a_token_that_ends_is_refreshed_and_the_subscription_resumed(
    world: World, settings: Settings, tmp_path: Path, slow_s: int
) -> None:
    async with stage(world, settings, tmp_path, slow_s=slow_s, access_token_s=3) as on:
        for ends in range(1, 4):
            await on.publish(1)
            for one in on.shown:
                await one.until(lambda: one.closed.count(TOKEN_ENDED) >= ends)  # noqa: B023  # awaited at once
        await on.publish(1)
        await on.all_show_it()
        assert [one.pages for one in on.shown] == [1, 1, 1]


async def test_where_too_much_was_missed_they_read_afresh_and_go_on_from_there(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    async with stage(world, settings, tmp_path, live_resume_events=2) as on:
        await on.all_show_it()
        await asyncio.to_thread(on.api.stop)
        await on.publish(4)
        await on.restart()
        await on.all_show_it()
        assert [one.pages for one in on.shown] == [2, 2, 2]
        await on.publish(2)
        await on.all_show_it()
