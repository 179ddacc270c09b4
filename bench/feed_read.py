"""The first page of the home feed, as the service reads it: warm, cold, and without Redis.

python -m bench.feed_read [--reads N]
Takes 1 minute at most.
"""

from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter

import uvloop

from bench import crowd, figures
from bench.running import Bench, photofeed
from bench.tables import show, typical
from services import feed, timelines
from stores.postgres.pages import TOP

FOLLOWEES = 10, 500, 5_000
POSTS_EACH = 10
PAGE = 20

Work = Callable[[Bench, int], Awaitable[object]]


async def main(reads: int) -> None:
    async with photofeed() as bench:
        viewer_ids = await add_viewers(bench)
        ways = [("warm", build, read), ("cold", drop, read), ("a timeline is built", drop, build)]
        found = {name: await measured(bench, viewer_ids, before, work, reads) for name, before, work in ways}
        bench.servers.valkey.kill()
        found["without Redis"] = await measured(bench, viewer_ids, nothing, read, reads)
    show(
        f"{PAGE} posts of the home feed, the followees having {POSTS_EACH} each: median, 99%",
        ["", *(f"{followees:,} followees" for followees in FOLLOWEES)],
        [[name, *map(typical, took)] for name, took in found.items()],
    )
    rows = [
        {"what": name, "followees": followees, **figures.waits(seconds)}
        for name, took in found.items()
        for followees, seconds in zip(FOLLOWEES, took, strict=True)
    ]
    figures.write("feed_read", rows, reads=reads)


async def add_viewers(bench: Bench) -> list[int]:
    author_ids = await crowd.add_people(bench.app, max(FOLLOWEES))
    viewer_ids = await crowd.add_people(bench.app, len(FOLLOWEES))
    for followees, viewer_id in zip(FOLLOWEES, viewer_ids, strict=True):
        await crowd.add_follows(bench.app, [viewer_id], author_ids[:: len(author_ids) // followees])
    await crowd.add_posts(bench.app, author_ids, POSTS_EACH)
    await bench.vacuum()
    return viewer_ids


async def measured(bench: Bench, viewer_ids: Iterable[int], before: Work, work: Work, times: int) -> list[list[float]]:
    """Seconds that `work` takes for each viewer, once `before` is done."""
    found = []
    for viewer_id in viewer_ids:
        took = []
        for _ in range(times):
            await before(bench, viewer_id)
            began = perf_counter()
            await work(bench, viewer_id)
            took.append(perf_counter() - began)
            await bench.app.deps.upkeep.done()
        found.append(took)
    return found


async def read(bench: Bench, viewer_id: int) -> None:
    page = await feed.home(bench.app.deps, viewer_id, below=TOP, most=PAGE)
    assert len(page.posts) == PAGE


async def build(bench: Bench, viewer_id: int) -> None:
    """Where there is none yet."""
    await timelines.rebuild(bench.app.deps, viewer_id)


async def drop(bench: Bench, viewer_id: int) -> None:
    await bench.app.deps.timelines.drop(viewer_id)


async def nothing(_bench: Bench, _viewer_id: int) -> None:
    """Things are as they are."""


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.feed_read", description=__doc__)
    options.add_argument("--reads", type=int, default=200, help="of each viewer, each way")
    uvloop.run(main(**vars(options.parse_args())))
