"""One post onto 100,000 timelines: until the last one has it, and what its author waits for.

python -m bench.fan_out [--followers N] [--on-timeline N] [--posts N] [--rounds N]
"""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import uvloop
from sqlalchemy import exists, select

from bench import crowd
from bench.processes import Worker, started
from bench.running import Bench, photofeed, until
from bench.tables import middle, p99, show
from services import posting
from services.posting import Draft
from stores.postgres import media
from stores.postgres.tables import outbox
from stores.redis.timelines import key, member
from stores.rows import Post

FEW = 10
ASKED_AT_ONCE = 1_000
NOBODY_IS_PULLED = 10_000_000


async def main(followers: int, on_timeline: int, posts: int, rounds: int) -> None:
    async with photofeed(pull_threshold=NOBODY_IS_PULLED) as bench:
        star, nobody = await crowd.add_people(bench.app, 2)
        crowds = {nobody: await crowd.add_people(bench.app, FEW), star: await crowd.add_people(bench.app, followers)}
        for author_id, follower_ids in crowds.items():
            await crowd.add_follows(bench.app, follower_ids, [author_id])
        await crowd.add_posts(bench.app, [star], on_timeline)
        await bench.vacuum()
        await crowd.add_timelines(bench.app, bench.redis, crowds[star])
        waits = await creation(bench, list(crowds), posts)
        show(
            "createPost, until its author has the answer",
            ["followers", "median", "99%"],
            [[f"{len(crowds[author_id]):,}", middle(took), p99(took)] for author_id, took in waits.items()],
        )
        took = await fan_outs(bench, star, crowds[star], rounds)
        show(
            f"One post onto {followers:,} timelines of {on_timeline:,} posts, by one worker: seconds since createPost",
            ["round", "first timeline", "last timeline", "nothing left to do"],
            [[str(number), *(f"{seconds:.2f}" for seconds in each)] for number, each in enumerate(took, 1)],
        )


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


async def fan_outs(bench: Bench, author_id: int, follower_ids: list[int], rounds: int) -> list[list[float]]:
    with TemporaryDirectory() as directory, started(Worker(bench.settings, Path(directory) / "worker.log")):
        await publish(bench, author_id, await drafted(bench, author_id))  # so that the worker has its connections
        await until(partial(nothing_announced, bench))
        return [await fan_out(bench, author_id, follower_ids) for _ in range(rounds)]


async def fan_out(bench: Bench, author_id: int, follower_ids: list[int]) -> list[float]:
    """Seconds until the first and the last timeline have a post, and until nothing is left to do."""
    draft = await drafted(bench, author_id)
    began = perf_counter()
    post = await publish(bench, author_id, draft)
    took = [await arrival(bench, follower_id, post) - began for follower_id in (follower_ids[0], follower_ids[-1])]
    await until(partial(nothing_announced, bench))
    took.append(perf_counter() - began)
    lacking = await without(bench, follower_ids, post)
    if lacking:
        raise RuntimeError(f"{lacking:,} timelines lack the post")
    return took


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


async def nothing_announced(bench: Bench) -> bool:
    async with bench.app.deps.database.read() as connection:
        return not await connection.scalar(select(exists().select_from(outbox)))


async def without(bench: Bench, viewer_ids: list[int], post: Post) -> int:
    """How many of these timelines lack the post."""
    lacking = 0
    for begin in range(0, len(viewer_ids), ASKED_AT_ONCE):
        async with bench.redis.pipeline(transaction=False) as pipeline:
            for viewer_id in viewer_ids[begin : begin + ASKED_AT_ONCE]:
                pipeline.zscore(key(viewer_id), member(post.feed_id or 0))
            lacking += (await pipeline.execute()).count(None)
    return lacking


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.fan_out", description=__doc__)
    options.add_argument("--followers", type=int, default=100_000)
    options.add_argument("--on-timeline", type=int, default=800, metavar="POSTS")
    options.add_argument("--posts", type=int, default=300, help="that each of two authors creates")
    options.add_argument("--rounds", type=int, default=3)
    uvloop.run(main(**vars(options.parse_args())))
