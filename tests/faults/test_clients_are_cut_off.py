"""npm's `graphql-ws` and `graphql-sse` are cut off again and again: what they follow they are told once, in order.

They run the code of docs/clients.md, through a proxy, against two API processes. Sockets are cut, processes are stopped
and killed, Redis is killed, while people publish, comment and like.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from bench.processes import Api
from dev.embedded import Server
from rules.node_ids import decode, encode
from services import publishing
from tests import bulk, inboxes
from tests.clients_page import written
from tests.faults import checks
from tests.faults.conftest import StartApi, StartWorker
from tests.faults.proxy import Proxy, proxy
from tests.server.node import needs_node, running
from tests.world import PASSWORD, Person, World, row_id

pytestmark = [pytest.mark.long, *needs_node("graphql-ws")]

PROCESSES = 2
WITHIN_S = 120.0
PAUSE_S = 0.8
"""At most so long after a cut, the next things happen."""
WAYS = {"sockets cut": 16, "stopped": 2, "killed": 1, "Redis killed": 1}
"""How often each is done, of 20 times."""
TRANSPORTS = "ws", "sse"

POSTS = text("select id, author_id from posts where author_id = any(:ids) and feed_id is not null order by feed_id")
COMMENTS = text("select id from comments where post_id = :id order by place")
NOTIFICATIONS = text("select id from notifications where recipient_id = :id order by place")


@dataclass
class Heard:
    """The ids of the things that the clients were told of, in their order, by transport and subscription."""

    things: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, printing: asyncio.StreamReader) -> None:
        async for line in printing:
            if line == b"ready\n":
                self.is_ready.set()
                continue
            transport, name, _, thing = line.decode().split()
            self.things[transport, name].append(thing)


@dataclass
class Life:
    """What happens while clients listen: `authors` publish one post each, `ben` comments and likes."""

    world: World
    ana: Person
    ben: Person
    authors: list[int]
    drafts: list[int]
    hers: list[int]
    discussed: str

    async def happens(self, number: int) -> None:
        """One thing in each of the three streams; the post and the like are in the inbox too."""
        await asyncio.gather(
            self._publish(self.drafts[number]),
            inboxes.comment(self.world, self.ben, self.discussed),
            inboxes.like(self.world, self.ben, encode("Post", self.hers[number])),
        )

    async def truth(self) -> dict[str, list[str]]:
        """What each subscription has to tell, in its order; the inbox has two orders in one."""
        async with self.world.app.deps.database.read() as connection:
            posts = (await connection.execute(POSTS, {"ids": self.authors})).all()
            comments = await connection.scalars(COMMENTS, {"id": row_id(self.discussed)})
            stored = await connection.scalars(NOTIFICATIONS, {"id": self.ana.row_id})
            return {
                "feedPostAdded": [encode("Post", post.id) for post in posts],
                "commentAdded": [encode("Comment", id_) for id_ in comments],
                "stored": [encode("Notification", id_) for id_ in stored],
                "new posts": [str(post.author_id) for post in posts],
            }

    async def _publish(self, post_id: int) -> None:
        async with self.world.app.deps.database.unit_of_work() as uow:
            await publishing.settle(self.world.app.deps, uow, [post_id])


@dataclass
class Trouble:
    apis: Sequence[Api]
    between: Proxy
    redis: Server
    random: Random

    async def make(self, way: str) -> None:
        number = self.random.randrange(len(self.apis))
        if way == "sockets cut":
            await self.between.cut()
        elif way == "Redis killed":
            await asyncio.to_thread(self.redis.kill)
            await asyncio.to_thread(self.redis.start)
        else:
            api = self.apis[number]
            await asyncio.to_thread(api.stop if way == "stopped" else api.kill)
            await asyncio.to_thread(api.start)
            self.between.to_ports[number] = api.port


@pytest.mark.parametrize(
    ("cuts", "events"), [(20, 150), pytest.param(100, 1_000, marks=pytest.mark.long)], ids=["a few", "100 times"]
)
async def test_everything_is_told_once_and_in_order(
    world: World,
    redis: Server,
    start_api: StartApi,
    start_worker: StartWorker,
    tmp_path: Path,
    seed: int,
    cuts: int,
    events: int,
) -> None:
    random, life = Random(seed), await begun(world, events // len(("post", "comment", "like")) + 1)
    apis = [start_api() for _ in range(PROCESSES)]
    start_worker()
    async with proxy(*(api.port for api in apis)) as (between, port), listening(life, port, tmp_path) as heard:
        trouble = Trouble(apis, between, redis, random)
        ways = [way for way, times in WAYS.items() for _ in range(times * cuts // sum(WAYS.values()))]
        random.shuffle(ways)
        for place, way in enumerate(ways):
            making = asyncio.create_task(trouble.make(way))
            for number in range(place, len(life.drafts), len(ways)):
                await life.happens(number)
            await making
            await asyncio.sleep(random.random() * PAUSE_S)
        await checks.drained(world)
        await everything_is_told_once(life, heard)


async def begun(world: World, times: int) -> Life:
    """So often something can happen. Ana follows all authors, and has posts that nobody has liked."""
    ana, ben = await world.person("ana"), await world.person("ben")
    authors = await bulk.add_people(world, times)
    await bulk.add_follows(world, [ana.row_id], authors)
    hers = await bulk.add_posts(world, [ana.row_id] * times)
    drafts = await bulk.add_posts(world, authors, published=False)
    return Life(world, ana, ben, authors, drafts, hers, discussed=await world.post(ben))


@asynccontextmanager
async def listening(life: Life, port: int, directory: Path) -> AsyncIterator[Heard]:
    """Both clients, as ana, from this moment on."""
    heard, files = Heard(), written(directory)
    arguments = str(files), f"http://127.0.0.1:{port}", life.ana.username, PASSWORD, life.discussed
    async with running("follow_all.mjs", *arguments) as printing:
        reading = asyncio.create_task(heard.read(printing))
        async with asyncio.timeout(WITHIN_S):
            await heard.is_ready.wait()
        yield heard
    await reading


async def everything_is_told_once(life: Life, heard: Heard) -> None:
    truth = await life.truth()
    for transport in TRANSPORTS:
        for name, expected in truth.items():
            with suppress(TimeoutError):
                async with asyncio.timeout(WITHIN_S):
                    while len(told(heard, transport)[name]) < len(expected):  # noqa: ASYNC110  # the reader goes on
                        await asyncio.sleep(0.05)
            assert told(heard, transport)[name] == expected, (transport, name)


def told(heard: Heard, transport: str) -> dict[str, list[str]]:
    """What one of the clients was told; entries of new posts go by the author, who has one each."""
    inbox = [(thing, decode(thing)) for thing in heard.things[transport, "notificationAdded"]]
    return {
        "feedPostAdded": heard.things[transport, "feedPostAdded"],
        "commentAdded": heard.things[transport, "commentAdded"],
        "stored": [thing for thing, entry in inbox if entry is not None and entry.day is None],
        "new posts": [str(entry.id) for _, entry in inbox if entry is not None and entry.day is not None],
    }
