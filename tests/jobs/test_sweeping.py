"""What the queue loses, the sweeper finds in the outbox and enqueues again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from arq.connections import ArqRedis

from jobs import housekeeping
from jobs.routes import QUEUES
from jobs.worker import arq_worker
from services.events import PostDeleted
from settings import Settings
from stores.redis.job_queue import connect_queue, queue_key
from tests.patience import PATIENCE_S
from tests.processes import another_process
from tests.world import World, jpeg


@pytest.fixture
async def redis(world: World, settings: Settings) -> AsyncIterator[ArqRedis]:
    """An empty queue, and nothing on its way to it."""
    await world.app.queue.flush()
    async with connect_queue(settings.redis_url.get_secret_value(), timeout_s=PATIENCE_S) as connected:
        await connected.flushall()
        yield connected


async def enqueued(world: World, redis: ArqRedis) -> list[int]:
    """The ids of all jobs in Redis, when nothing is on its way there."""
    await world.app.queue.flush()
    queues = [await redis.zrange(queue_key(name), 0, -1) for name in set(QUEUES.values())]
    return sorted(int(job_id) for queue in queues for job_id in queue)


async def announced(world: World) -> list[int]:
    return sorted(job_id for job_id, _ in await world.announced())


async def seconds_pass(world: World, seconds: float) -> None:
    await world.sql("update outbox set due_at = due_at - make_interval(secs => :seconds)", seconds=seconds)


async def three_jobs(world: World) -> None:
    ana = await world.person()
    for _ in range(3):
        await world.post(ana)


async def test_a_job_is_enqueued_as_soon_as_its_announcement_is_committed(world: World, redis: ArqRedis) -> None:
    await three_jobs(world)
    assert await enqueued(world, redis) == await announced(world)


async def test_a_job_is_not_enqueued_before_the_commit_nor_after_a_rollback(world: World, redis: ArqRedis) -> None:
    with suppress(ZeroDivisionError):
        async with world.app.deps.database.unit_of_work() as uow:
            await uow.announce(PostDeleted(7))
            assert await enqueued(world, redis) == []
            raise ZeroDivisionError
    assert await enqueued(world, redis) == []


async def test_what_redis_lost_is_enqueued_again_after_ten_seconds(world: World, redis: ArqRedis) -> None:
    await three_jobs(world)
    await world.app.queue.flush()
    await redis.flushall()
    assert await housekeeping.sweep(world.app.deps, world.app.queue) == 0
    await seconds_pass(world, 5)
    assert await housekeeping.sweep(world.app.deps, world.app.queue) == 0
    await seconds_pass(world, 5)
    assert await housekeeping.sweep(world.app.deps, world.app.queue) == 3
    assert await enqueued(world, redis) == await announced(world)


async def test_what_was_swept_is_not_swept_again_for_ten_seconds(world: World, redis: ArqRedis) -> None:
    await three_jobs(world)
    await seconds_pass(world, 10)
    assert await housekeeping.sweep(world.app.deps, world.app.queue) == 3
    assert await housekeeping.sweep(world.app.deps, world.app.queue) == 0
    await seconds_pass(world, 10)
    assert await housekeeping.sweep(world.app.deps, world.app.queue) == 3


async def test_what_is_in_the_queue_still_is_not_enqueued_twice(world: World, redis: ArqRedis) -> None:
    await three_jobs(world)
    await seconds_pass(world, 10)
    await housekeeping.sweep(world.app.deps, world.app.queue)
    assert await enqueued(world, redis) == await announced(world)


async def test_what_is_set_aside_is_not_swept(world: World, redis: ArqRedis) -> None:
    await three_jobs(world)
    await seconds_pass(world, 10)
    await world.sql("update outbox set is_set_aside = true where id = (select min(id) from outbox)")
    assert await housekeeping.sweep(world.app.deps, world.app.queue) == 2


async def test_two_sweepers_never_take_the_same(world: World, redis: ArqRedis, settings: Settings) -> None:
    ana = await world.person()
    for _ in range(20):
        await world.post(ana)
    await seconds_pass(world, 10)
    async with another_process(settings, sweep_batch=6) as process:
        sweeps = (housekeeping.sweep(process.app.deps, process.app.queue) for _ in range(8))
        taken = await asyncio.gather(*sweeps)
    assert sum(taken) == 20
    assert max(taken) <= 6


async def test_a_worker_does_what_the_sweeper_found(world: World, redis: ArqRedis) -> None:
    ana = await world.person()
    post_id = await world.post(ana, mediaIds=[await world.upload(ana, jpeg(40, 50))])
    await world.app.queue.flush()
    await redis.flushall()
    await seconds_pass(world, 10)
    await housekeeping.sweep(world.app.deps, world.app.queue)
    workers = [arq_worker(world.app.deps, queue, redis) for queue in sorted(set(QUEUES.values()))]
    working = [asyncio.create_task(worker.async_run()) for worker in workers]
    async with asyncio.timeout(PATIENCE_S):
        while await world.announced():  # noqa: ASYNC110  # the worker tells nobody
            await asyncio.sleep(0.05)
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    assert await world.feed(ana) == [post_id]
    assert await enqueued(world, redis) == []
