"""Posts onto 100,000 timelines, beside the floor: deliveries a second, when the last has it, how long its author waits.

python -m bench.fanout [--followers N] [--on-timeline N] [--posts N] [--rounds N]
Takes 5 minutes at most.

Deliveries are counted from the first timeline that has the post to the last one; those of several posts at once, which
the worker takes together, from the first of all to the last. The floor is the same writes, and no more: the better one
of `bench.floor` and, where it is installed, of redis-benchmark.
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

import uvloop

from bench import crowd, figures, floor, redis_benchmark
from bench.processes import Worker, started
from bench.running import PATIENT, Bench, photofeed, until
from bench.tables import middle, p99, show, spread
from bench.usage import cpus_s, used_s
from services import posting
from services.posting import Draft
from stores.postgres import media
from stores.redis.timelines import key, member
from stores.rows import Post

FEW = (10, 1_000)
"""Followers of those whose posts are published besides, to see whether the wait depends on them."""
TOGETHER = 4
"""Posts that are published at once: a job each, which the worker runs beside each other."""
FIGURES = ("deliveries", "first_s", "last_s", "deliveries_per_s", "worker_us", "redis_us", "postgres_us")
ASKED_AT_ONCE = 1_000
NOBODY_IS_PULLED = 10_000_000


class Stage(NamedTuple):
    """An author, and who follows him and has a timeline."""

    bench: Bench
    worker: Worker
    author_id: int
    follower_ids: list[int]

    @property
    def redis_url(self) -> str:
        return self.bench.settings.redis_url.get_secret_value()

    @property
    def pids(self) -> list[int]:
        """Of the worker, Redis and Postgres."""
        servers = self.bench.servers
        return [self.worker.pid, servers.valkey.pid, servers.postgres.pid]


class Round(NamedTuple):
    """Seconds until the first timeline had a post and the last one had all of them; CPU of three for a delivery."""

    posts: int
    deliveries: int
    first_s: float
    last_s: float
    worker_us: float
    redis_us: float
    postgres_us: float

    @property
    def deliveries_per_s(self) -> float:
        return self.deliveries / (self.last_s - self.first_s)


async def main(followers: int, on_timeline: int, posts: int, rounds: int) -> None:
    async with photofeed(pull_threshold=NOBODY_IS_PULLED, **PATIENT) as bench:
        star, *others = await crowd.add_people(bench.app, 1 + len(FEW))
        crowds = {other: await crowd.add_people(bench.app, few) for other, few in zip(others, FEW, strict=True)}
        crowds[star] = await crowd.add_people(bench.app, followers, first=redis_benchmark.first_id(star))
        for author_id, follower_ids in crowds.items():
            await crowd.add_follows(bench.app, follower_ids, [author_id])
        await crowd.add_posts(bench.app, [star], on_timeline)
        await bench.vacuum()
        await crowd.add_timelines(bench.app, bench.redis, crowds[star])
        waits = await creation(bench, list(crowds), posts)
        found = await fan_outs(bench, star, crowds[star], rounds)
    rows = tell_waits({len(crowds[author_id]): took for author_id, took in waits.items()})
    rows += tell_rounds(f"{followers:,} timelines of {on_timeline:,} posts", found)
    figures.write("fanout", rows, followers=followers, on_timeline=on_timeline, posts=posts, rounds=rounds)


async def creation(bench: Bench, author_ids: list[int], posts: int) -> dict[int, list[float]]:
    """Seconds that each author waited for each of his posts, the authors taking turns; no worker runs meanwhile."""
    took: dict[int, list[float]] = {author_id: [] for author_id in author_ids}
    for _ in range(posts):
        for author_id in author_ids:
            draft = await drafted(bench, author_id)
            began = perf_counter()
            await publish(bench, author_id, draft)
            took[author_id].append(perf_counter() - began)
    await bench.app.queue.flush()
    await crowd.sql(bench.app, "truncate outbox, fan_outs")
    return took


async def fan_outs(bench: Bench, author_id: int, follower_ids: list[int], rounds: int) -> dict[str, list[Round]]:
    """All ways, in turns."""
    found: dict[str, list[Round]] = {name: [] for name in WAYS}
    with TemporaryDirectory() as directory, started(Worker(bench.settings, Path(directory) / "worker.log")) as worker:
        stage = Stage(bench, worker, author_id, follower_ids)
        await fan_out(stage, 1)  # so that the worker has its connections
        for _ in range(rounds):
            for name, way in WAYS.items():
                found[name].append(await way(stage))
    return found


async def our_floor(stage: Stage) -> Round:
    newest = await stage.bench.app.deps.ids.mint()
    found = await floored(stage, partial(floor.add, stage.redis_url, stage.follower_ids, newest))
    await asyncio.to_thread(floor.remove, stage.redis_url, stage.follower_ids, newest)
    return found


async def benchmarks_floor(stage: Stage) -> Round:
    found = await floored(stage, partial(redis_benchmark.add, stage.redis_url, stage.follower_ids))
    await redis_benchmark.remove(stage.bench.redis, stage.follower_ids)
    return found


async def floored(stage: Stage, write: Callable[[], float]) -> Round:
    """What writes as often as there are timelines, and gives the seconds that it took."""
    before = cpus_s(stage.pids)
    took_s = await asyncio.to_thread(write)
    return round_of(stage, before, posts=1, first_s=0.0, last_s=took_s)


async def fan_out(stage: Stage, many: int) -> Round:
    """Of so many posts at once. Raises RuntimeError where a timeline lacks one in the end."""
    bench, follower_ids = stage.bench, stage.follower_ids
    drafts = [await drafted(bench, stage.author_id) for _ in range(many)]
    before = cpus_s(stage.pids)
    began = perf_counter()
    posts = await asyncio.gather(*(publish(bench, stage.author_id, draft) for draft in drafts))
    firsts, lasts = [
        await asyncio.gather(*(arrival(bench, follower_id, post) for post in posts))
        for follower_id in (follower_ids[0], follower_ids[-1])
    ]
    found = round_of(stage, before, posts=many, first_s=min(firsts) - began, last_s=max(lasts) - began)
    await until(bench.nothing_announced)
    for post in posts:
        if lacking := await without(bench, follower_ids, post):
            raise RuntimeError(f"{lacking:,} timelines lack the post")
    return found


def round_of(stage: Stage, before: Sequence[float], *, posts: int, first_s: float, last_s: float) -> Round:
    deliveries = posts * len(stage.follower_ids)
    used_us = [1e6 * seconds / deliveries for seconds in used_s(stage.pids, before)]
    return Round(posts, deliveries, first_s, last_s, *used_us)


FLOORS = {"the floor": our_floor}
if redis_benchmark.PROGRAM:
    FLOORS["floor by redis-benchmark"] = benchmarks_floor
WAYS = FLOORS | {"one post": partial(fan_out, many=1), f"{TOGETHER} posts at once": partial(fan_out, many=TOGETHER)}
"""Of writing to all timelines, what the floor is first."""


async def drafted(bench: Bench, author_id: int) -> Draft:
    """With a picture whose files nobody looks at."""
    media_id = await bench.app.deps.ids.mint()
    file = {"content_type": "image/jpeg", "byte_size": 1, "object_key": f"{media_id}-bench"}
    async with bench.app.deps.database.unit_of_work() as uow:
        row = {"id": media_id, "owner_id": author_id, "kind": "IMAGE", "status": "READY"}
        await media.add(uow.connection, row | file)
    return Draft(media_ids=[media_id])


async def publish(bench: Bench, author_id: int, draft: Draft) -> Post:
    return await posting.create(bench.app.deps, author_id, draft, idempotency_key=None)


async def arrival(bench: Bench, viewer_id: int, post: Post) -> float:
    """When the viewer's timeline has the post."""

    async def has_arrived() -> bool:
        return await bench.redis.zscore(key(viewer_id), member(post.feed_id or 0)) is not None

    await until(has_arrived)
    return perf_counter()


async def without(bench: Bench, viewer_ids: list[int], post: Post) -> int:
    """How many of these timelines lack the post."""
    lacking = 0
    for begin in range(0, len(viewer_ids), ASKED_AT_ONCE):
        async with bench.redis.pipeline(transaction=False) as pipeline:
            for viewer_id in viewer_ids[begin : begin + ASKED_AT_ONCE]:
                pipeline.zscore(key(viewer_id), member(post.feed_id or 0))
            lacking += (await pipeline.execute()).count(None)
    return lacking


def tell_waits(waits: dict[int, list[float]]) -> list[figures.Row]:
    """By followers; gives the rows of it."""
    show(
        "createPost, until its author has the answer",
        ["followers", "median", "99%"],
        [[f"{followers:,}", middle(took), p99(took)] for followers, took in waits.items()],
    )
    return [
        {"what": "createPost", "followers": followers, "posts": len(took), **figures.waits(took)}
        for followers, took in waits.items()
    ]


def tell_rounds(timelines: str, found: dict[str, list[Round]]) -> list[figures.Row]:
    """Gives the rows of it: medians, and of the higher floor the median of what the rounds were."""
    by_round = zip(*(found[name] for name in FLOORS), strict=True)
    highest = [max(one.deliveries_per_s for one in floors) for floors in by_round]
    rows = [row(what, rounds, highest) for what, rounds in found.items()]
    show(
        f"Onto {timelines}, by one worker: medians, and least to most. CPU in us a delivery",
        ["", "first s", "last s", "deliveries/s", "", "of the floor", "worker", "Redis", "Postgres"],
        [shown(each) for each in rows],
    )
    if not redis_benchmark.PROGRAM:
        print(f"The floor is that of `bench.floor` alone: there is no {redis_benchmark.MISSING}.")
    return rows


def row(what: str, rounds: list[Round], floors: list[float]) -> figures.Row:
    named = {name: median(getattr(one, name) for one in rounds) for name in FIGURES}
    ratio = median(one.deliveries_per_s / best for one, best in zip(rounds, floors, strict=True))
    return {"what": what} | named | {"of_floor": ratio, "rounds": [one.deliveries_per_s for one in rounds]}


def shown(row: figures.Row) -> list[str]:
    return [
        row["what"],
        f"{row['first_s']:.2f}",
        f"{row['last_s']:.2f}",
        f"{row['deliveries_per_s']:,.0f}",
        spread(row["rounds"]),
        f"{100 * row['of_floor']:.0f}%",
        *(f"{row[f'{name}_us']:.1f}" for name in ("worker", "redis", "postgres")),
    ]


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.fanout", description=__doc__)
    options.add_argument("--followers", type=int, default=100_000)
    options.add_argument("--on-timeline", type=int, default=800, metavar="POSTS")
    options.add_argument("--posts", type=int, default=300, help="that each author creates")
    options.add_argument("--rounds", type=int, default=3)
    uvloop.run(main(**vars(options.parse_args())))
