"""Connections to Redis are slow, stall, or are cut in the middle of a command or an answer."""

import asyncio
import random
from collections.abc import AsyncIterator
from functools import partial

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from dev.embedded import EmbeddedServers, Server
from settings import Settings
from tests.faults import checks
from tests.faults.conftest import StartWorker
from tests.faults.proxy import Proxy, proxy
from tests.faults.stars import star
from tests.patience import as_in_production
from tests.processes import another_process
from tests.world import Person, World

Between = tuple[Proxy, SecretStr]
VIEWERS, READS = 8, 12
NEVER = 1_000_000
IN_A_HURRY = as_in_production("timeline_timeout_s")["timeline_timeout_s"]
FOLLOWERS = 2_000
SEED = 7


@pytest.fixture
async def between(redis: Server, servers: EmbeddedServers) -> AsyncIterator[Between]:
    """A proxy, and the address of Redis behind it."""
    url = make_url(servers.redis_url)
    assert url.port is not None
    async with proxy(url.port) as (proxying, port):
        yield proxying, SecretStr(url.set(port=port).render_as_string(hide_password=False))


async def test_whatever_becomes_of_connections_everybody_gets_his_own_feed(
    world: World, settings: Settings, between: Between
) -> None:
    proxying, address = between
    feeds = [await feed_of_his_own(world) for _ in range(VIEWERS)]
    rng = random.Random(SEED)
    tasks = len(asyncio.all_tasks())
    async with another_process(settings, redis_url=address, breaker_failures=NEVER) as troubled:

        async def read_all() -> None:
            await asyncio.gather(*(reads_right(troubled, viewer, posts) for viewer, posts in feeds))

        for _ in range(2):
            await read_all()
            await troubled.app.deps.upkeep.done()
        assert troubled.app.deps.tally.feed_reads["warm"] >= VIEWERS * READS
        timelines = troubled.app.deps.timelines
        timelines.limits = timelines.limits._replace(timeout_s=IN_A_HURRY)

        proxying.allowance = lambda: rng.randrange(1, 3_000)
        await proxying.cut()
        await read_all()
        assert proxying.cuts > VIEWERS
        proxying.allowance = lambda: None

        proxying.delay_s = lambda: rng.uniform(0, IN_A_HURRY)
        await read_all()
        proxying.delay_s = lambda: 0.0

        proxying.stall()
        await read_all()
        proxying.resume()

        await read_all()
        await checks.nothing_is_held(troubled)
        await checks.until(partial(checks.has_warm_feed, troubled, feeds[0][0]))
    await proxying.cut()  # what is left of connections is the proxy's own
    assert len(asyncio.all_tasks()) <= tasks


async def feed_of_his_own(world: World) -> tuple[Person, list[str]]:
    """Somebody new, and the posts of the one whom nobody else follows, as the feed has them."""
    viewer, author = await world.person(), await world.person()
    await world.follow(viewer, author)
    return viewer, [await world.post(author) for _ in range(3)][::-1]


async def reads_right(world: World, viewer: Person, posts: list[str]) -> None:
    for _ in range(READS):
        assert await world.feed(viewer) == posts


async def test_a_fan_out_whose_connections_are_cut_misses_nobody(
    world: World, settings: Settings, start_worker: StartWorker, between: Between
) -> None:
    proxying, address = between
    author, follower_ids = await star(world, FOLLOWERS)
    allowances = iter([20_000, 1_000, 35_000, 60_000])
    proxying.allowance = lambda: next(allowances, None)

    start_worker(redis_url=address, queue_redis_url=settings.redis_url, fan_out_chunk=100)
    post = await world.post(author)

    await checks.drained(world)
    assert proxying.cuts > 2
    assert await checks.are_on_timelines(world, post, follower_ids)
    await checks.feeds_are_right(world, follower_ids[:: FOLLOWERS // 5])
    await checks.nothing_is_held(world)


async def test_a_queue_whose_connections_are_cut_loses_no_job(
    world: World, settings: Settings, start_worker: StartWorker, between: Between
) -> None:
    proxying, address = between
    rng = random.Random(SEED)
    worker = start_worker(queue_redis_url=address, job_timeout_s=2)
    async with another_process(settings, queue_redis_url=address) as troubled:
        ana, ben = await troubled.person("ana"), await troubled.person("ben")
        await troubled.follow(ben, ana)
        proxying.allowance = lambda: rng.randrange(1, 5_000)
        await proxying.cut()
        posts = [await troubled.post(ana) for _ in range(30)]
        await asyncio.sleep(2)
        proxying.allowance = lambda: None
        await checks.drained(troubled)
    assert proxying.cuts > 2
    assert worker.runs
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.feeds_are_right(world, [ana, ben])
    await checks.counts_are_rows(world)
