"""Redis has no memory left, and may forget nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import count

from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError

from dev.embedded import Server
from tests.faults import checks
from tests.faults.conftest import StartWorker
from tests.world import World

MEMORY, LESS_MEMORY = "5mb", "4mb"
PIECE = "x" * 50_000


async def test_while_redis_is_full_writes_succeed_and_feeds_are_right(
    world: World, redis: Server, start_worker: StartWorker
) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    await world.follow(ben, ana)
    worker = start_worker()
    posts = [await world.post(ana)]
    await checks.drained(world)
    await checks.until(partial(checks.has_warm_feed, world, ben))

    async with checks.patient_redis(world) as client, full(client):
        await world.follow(eva, ana)
        posts += [await world.post(ana) for _ in range(5)]
        for _ in range(5):
            assert await world.feed(ben) == await world.feed(eva) == posts[::-1]
            await world.app.deps.upkeep.done()
        assert not await checks.are_on_timelines(world, posts[-1], [ben.row_id])
        await checks.until(partial(checks.has_warm_feed, world, ben))
        await checks.feeds_are_right(world, [ana, ben, eva])

    await checks.drained(world)
    assert await checks.are_on_timelines(world, posts[-1], [ben.row_id])
    await checks.until(partial(checks.has_warm_feed, world, eva))
    assert worker.runs
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.feeds_are_right(world, [ana, ben, eva])
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


@asynccontextmanager
async def full(redis: Redis) -> AsyncIterator[None]:
    """In the end with less memory than it holds, so that nothing which becomes free makes room."""
    await redis.config_set("maxmemory-policy", "noeviction")
    await redis.config_set("maxmemory", MEMORY)
    with suppress(OutOfMemoryError):
        for number in count():
            await redis.set(f"filling:{number}", PIECE)
    await redis.config_set("maxmemory", LESS_MEMORY)
    yield
    await redis.config_set("maxmemory", "0")
