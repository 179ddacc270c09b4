"""One post of an author whom all follow who have a socket on one API process: when they have it, and what it costs.

python -m bench.subscribers [--sockets N] [--posts N]
Takes 1 minute at most.
"""

import asyncio
import json
import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import uvloop

from bench import crowd, figures
from bench.processes import TREE, Api, environment, started
from bench.running import Bench, photofeed, until
from bench.sockets import Subscriber, subscribed
from bench.tables import show
from bench.usage import cpu_s, resident_bytes
from bench.watched_api import TOLD
from dev.embedded.processes import Command
from resolvers import feed
from services import publishing
from settings import Settings
from stores.postgres import marks

CONNECTING_AT_ONCE = 50
KIB = 1024
QUERY = """subscription FeedPostAdded($after: String) { feedPostAdded(after: $after) { cursor edge { cursor node {
  id caption createdAt likeCount commentCount viewerHasLiked
  author { id username displayName viewerIsFollowing }
  media { id kind url width height blurhash }
  comments(first: 2) { edges { node { id text createdAt author { id username } } } } } } } }"""
"""What the feed page asks for of each post."""


class WatchedApi(Api):
    def __init__(self, settings: Settings, log: Path) -> None:
        super().__init__(settings, log)
        arguments = [sys.executable, "-m", "bench.watched_api"]
        self._command = Command(arguments, TREE, environment(settings), orphan_ends_by=signal.SIGKILL)

    async def blocked_s(self) -> list[float]:
        """For how long the event loop was blocked, each time since this was asked last."""
        before = len(self._told())
        os.kill(self.pid, signal.SIGUSR1)
        await until(lambda: self._has_told(before))
        return [milliseconds / 1_000 for milliseconds in json.loads(self._told()[-1].removeprefix(TOLD))]

    async def _has_told(self, before: int) -> bool:
        return len(self._told()) > before

    def _told(self) -> Sequence[str]:
        return [line for line in self.log.read_text().split("\n")[:-1] if line.startswith(TOLD)]


@dataclass(frozen=True)
class Told:
    """Of one post: seconds from its commit until each socket had it, and the blocks of the event loop meanwhile."""

    after_s: Sequence[float]
    blocked_s: Sequence[float]
    cpu_s: float


async def main(sockets: int, posts: int) -> None:
    async with photofeed() as bench:
        author_ids = await crowd.add_people(bench.app, 1)
        viewer_ids = await crowd.add_people(bench.app, sockets)
        await crowd.add_follows(bench.app, viewer_ids, author_ids)
        post_ids = await crowd.add_drafts(bench.app, author_ids, posts + 1, hashtags=2)
        tokens = await crowd.add_sessions(bench.app, viewer_ids)
        await bench.vacuum()
        settings = bench.settings.model_copy(update={"port": 0})
        with TemporaryDirectory() as directory, started(WatchedApi(settings, Path(directory) / "api.log")) as api:
            before = resident_bytes(api.pid)
            subscribers = await connected(bench, api, viewer_ids, tokens)
            first = await told(bench, api, subscribers, post_ids[0])
            held = (resident_bytes(api.pid) - before) / sockets / KIB
            rest = [await told(bench, api, subscribers, post_id) for post_id in post_ids[1:]]
    rows = [row(what, one) for what, one in named([first, *rest]).items()]
    tell(sockets, rows, held)
    figures.write("subscribers", [*rows, {"what": "memory", "socket_kib": held}], sockets=sockets, posts=posts)


async def connected(bench: Bench, api: Api, viewer_ids: Sequence[int], tokens: Sequence[str]) -> list[Subscriber]:
    """All of them; each goes on from this moment, whenever the server gets to him."""
    async with bench.app.deps.database.read() as connection:
        last = await marks.latest_publication(connection)
    places = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def one(viewer_id: int, token: str) -> Subscriber:
        after = bench.app.cursors.encode(feed.FEED, last)
        async with places:
            return await subscribed(api.port, token, QUERY, {"after": after})

    return await asyncio.gather(*map(one, viewer_ids, tokens))


async def told(bench: Bench, api: WatchedApi, subscribers: Sequence[Subscriber], post_id: int) -> Told:
    heard = [len(one.heard_at) for one in subscribers]
    await api.blocked_s()
    used_s = cpu_s(api.pid)
    async with bench.app.deps.database.unit_of_work() as uow:
        await publishing.settle(bench.app.deps, uow, [post_id])
        began = perf_counter()

    async def have_it() -> bool:
        if any(one.is_lost for one in subscribers):
            raise ConnectionError("The server has closed a socket.")
        return all(len(one.heard_at) > before for one, before in zip(subscribers, heard, strict=True))

    await until(have_it)
    blocked_s = await api.blocked_s()
    return Told(sorted(one.heard_at[-1] - began for one in subscribers), blocked_s, cpu_s(api.pid) - used_s)


def named(posts: Sequence[Told]) -> dict[str, Told]:
    """Each, and all but the first one together."""
    warm = posts[1:]
    every = Told(
        sorted(after for one in warm for after in one.after_s),
        [seconds for one in warm for seconds in one.blocked_s],
        sum(one.cpu_s for one in warm) / len(warm),
    )
    return {f"post {number}": one for number, one in enumerate(posts)} | {"but post 0": every}


def row(what: str, one: Told) -> figures.Row:
    return {
        "what": what,
        "first_s": one.after_s[0],
        "median_s": median(one.after_s),
        "last_s": one.after_s[-1],
        **{f"blocked_{name}": taken for name, taken in figures.waits(one.blocked_s).items()},
        "blocked_longest_ms": 1_000 * max(one.blocked_s),
        "cpu_s": one.cpu_s,
    }


def tell(sockets: int, rows: Sequence[figures.Row], held_kib: float) -> None:
    show(
        f"{sockets:,} sockets on one process, followers of one author (post 0 finds them cold)",
        ["", "first has it", "median", "last", "loop blocked p50", "p99", "longest", "CPU of the API"],
        [shown(each) for each in rows],
    )
    print(f"Memory: {held_kib:.0f} KiB a socket")


def shown(row: figures.Row) -> list[str]:
    after = [f"{row[name]:.2f} s" for name in ("first_s", "median_s", "last_s")]
    blocked = [f"{row[f'blocked_{name}_ms']:.1f} ms" for name in ("p50", "p99", "longest")]
    return [row["what"], *after, *blocked, f"{row['cpu_s']:.2f} s"]


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.subscribers", description=__doc__)
    options.add_argument("--sockets", type=int, default=2_000)
    options.add_argument("--posts", type=int, default=5, help="that are published, one after the other")
    uvloop.run(main(**vars(options.parse_args())))
