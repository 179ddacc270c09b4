"""Redis is killed, stopped, or loses all that it holds."""

import asyncio
from functools import partial

import pytest

from dev.embedded import Server
from tests.faults import checks
from tests.faults.conftest import StartWorker
from tests.faults.stars import is_under_way, star
from tests.world import Person, World

FOLLOWERS, CHUNK = 50_000, 500  # so many that there is time to act before the last has it
WARM_WITHIN_S = 60.0


@pytest.fixture
async def people(world: World) -> list[Person]:
    """Ana and Ben, who follow each other, with a post of Ana's on Ben's timeline."""
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    await world.follow(ana, ben)
    await world.post(ana)
    await world.run_jobs()
    await checks.until(partial(checks.has_warm_feed, world, ben), within_s=WARM_WITHIN_S)
    return [ana, ben]


async def test_a_fan_out_that_redis_dies_under_is_completed_when_it_is_back(
    world: World, redis: Server, start_worker: StartWorker
) -> None:
    author, follower_ids = await star(world, FOLLOWERS)
    ben = await world.person("ben")
    await world.follow(ben, author)
    sample = [ben.row_id, *follower_ids[:: FOLLOWERS // 5]]
    start_worker(fan_out_chunk=CHUNK)

    posts = [await world.post(author)]
    await checks.until(partial(is_under_way, world, posts[0]), every_s=0.002)
    redis.kill()

    posts.append(await world.post(author, "while Redis is gone"))
    await world.unfollow(ben, author)
    await world.follow(ben, author)
    await checks.feeds_are_right(world, sample)

    redis.start()
    await checks.drained(world)
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.feeds_are_right(world, sample)
    await checks.until(partial(checks.has_warm_feed, world, ben), within_s=WARM_WITHIN_S)
    await checks.feeds_are_right(world, sample)
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def test_while_redis_is_stopped_people_read_post_and_follow_and_afterwards_feeds_are_warm(
    world: World, redis: Server, people: list[Person], start_worker: StartWorker
) -> None:
    [ana, ben] = people
    worker = start_worker()
    redis.stop()

    eva = await world.person("eva")
    await world.follow(eva, ana)
    posts = [await world.post(ana), await world.post(ben)]
    assert await world.feed(ben) == [posts[1], posts[0], *(await world.feed(eva))[1:]]
    await checks.feeds_are_right(world, [ana, ben, eva])
    await asyncio.sleep(2)  # the worker notices, too
    await checks.feeds_are_right(world, [ana, ben, eva])

    redis.start()
    for viewer in (ana, ben, eva):
        await checks.until(partial(checks.has_warm_feed, world, viewer), within_s=WARM_WITHIN_S)
    posts.append(await world.post(ana))
    await checks.drained(world)
    assert await checks.are_on_timelines(world, posts[-1], [ben.row_id, eva.row_id])
    assert worker.runs
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.feeds_are_right(world, [ana, ben, eva])
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def test_feeds_are_never_empty_or_wrong_while_redis_is_flushed(
    world: World, redis: Server, people: list[Person], start_worker: StartWorker
) -> None:
    [ana, ben] = people
    start_worker()
    [post] = await world.feed(ben)
    posts = [post]
    async with checks.patient_redis(world) as client:
        for number in range(20):
            posts.append(await world.post(ana))
            if number % 3 == 0:
                await client.flushall()
            assert await world.feed(ben) == posts[::-1]
            if number % 4 == 0:
                await world.app.deps.upkeep.done()
                assert await world.feed(ben) == posts[::-1]
        await client.flushall()

    await checks.drained(world)
    await checks.until(partial(checks.has_warm_feed, world, ben), within_s=WARM_WITHIN_S)
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.feeds_are_right(world, [ana, ben])
    await checks.nothing_is_held(world)
