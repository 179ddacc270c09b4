"""Redis is killed, stopped, or loses all that it holds."""

import asyncio

import pytest

from bench import crowd
from dev.embedded import EmbeddedServers, Server
from settings import Settings
from stores.postgres import fan_outs
from stores.redis.connection import connect
from tests.faults import checks
from tests.faults.conftest import PATIENCE_S, StartWorker
from tests.world import Person, World, row_id

FOLLOWERS = 50_000
WARM_WITHIN_S = 60.0


@pytest.fixture
async def people(world: World) -> list[Person]:
    """Ana and Ben, who follow each other, with a post of Ana's on Ben's timeline."""
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    await world.follow(ana, ben)
    await world.post(ana)
    await world.run_jobs()
    await checks.until(lambda: checks.has_warm_feed(world, ben), within_s=WARM_WITHIN_S)
    return [ana, ben]


async def test_a_fan_out_that_redis_dies_under_is_completed_when_it_is_back(
    world: World, redis: Server, servers: EmbeddedServers, settings: Settings, start_worker: StartWorker
) -> None:
    star, ben = await world.person("star"), await world.person("ben")
    await world.follow(ben, star)
    crowd_ids = await crowd.add_people(world.app, FOLLOWERS)
    await crowd.add_follows(world.app, crowd_ids, [star.row_id])
    await crowd.sql(world.app, "analyze follows")
    async with connect(servers.redis_url, timeout_s=PATIENCE_S) as client:
        await crowd.add_timelines(world.app, client, crowd_ids)
    sample = [ben.row_id, *crowd_ids[:: FOLLOWERS // 5]]
    start_worker()

    posts = [await world.post(star)]
    await checks.until(lambda: is_under_way(world, posts[0]), within_s=10, every_s=0.002)
    redis.kill()

    posts.append(await world.post(star, "while Redis is gone"))
    await world.unfollow(ben, star)
    await world.follow(ben, star)
    await checks.feeds_are_right(world, sample)

    redis.start()
    await checks.drained(world)
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.feeds_are_right(world, sample)
    await checks.until(lambda: checks.has_warm_feed(world, ben), within_s=WARM_WITHIN_S)
    await checks.feeds_are_right(world, sample)
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def is_under_way(world: World, post: str) -> bool:
    """Whether some followers have the post, and others not."""
    async with world.app.deps.database.read() as connection:
        fan_out = await fan_outs.find(connection, row_id(post))
    assert fan_out is not None, "the fan-out is over already"
    return fan_out.reached_id > 0


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
        await checks.until(lambda viewer=viewer: checks.has_warm_feed(world, viewer), within_s=WARM_WITHIN_S)
    posts.append(await world.post(ana))
    await checks.drained(world)
    assert await checks.are_on_timelines(world, posts[-1], [ben.row_id, eva.row_id])
    assert worker.runs
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.feeds_are_right(world, [ana, ben, eva])
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def test_feeds_are_never_empty_or_wrong_while_redis_is_flushed(
    world: World, redis: Server, servers: EmbeddedServers, people: list[Person], start_worker: StartWorker
) -> None:
    [ana, ben] = people
    start_worker()
    [post] = await world.feed(ben)
    posts = [post]
    async with connect(servers.redis_url, timeout_s=PATIENCE_S) as client:
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
    await checks.until(lambda: checks.has_warm_feed(world, ben), within_s=WARM_WITHIN_S)
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.feeds_are_right(world, [ana, ben])
    await checks.nothing_is_held(world)
