"""A worker is killed in the middle of a job, or the queue that wakes it is lost."""

from dataclasses import replace
from functools import partial

import pytest

from dev.embedded import EmbeddedServers, Server
from jobs.worker import ALL_QUEUES, RESTART_AFTER_S, arq_worker
from settings import Settings
from stores.redis.job_queue import connect_queue
from tests.faults import checks
from tests.faults.conftest import StartWorker
from tests.faults.stars import is_under_way, star
from tests.patience import PATIENCE_S
from tests.world import Person, World, jpeg

FOLLOWERS, CHUNK = 50_000, 500  # so many that there is time to act before the last has it
AGAIN_WITHIN_S = 30.0
STARTS_S = 3.0
LARGE = 6_000, 4_000  # pixels: takes a second
MEDIA = "query ($id: ID!) { node(id: $id) { ... on Media { status } } }"


async def test_a_fan_out_whose_worker_is_killed_is_completed_by_another(
    world: World, redis: Server, start_worker: StartWorker
) -> None:
    author, follower_ids = await star(world, FOLLOWERS)
    worker = start_worker(fan_out_chunk=CHUNK)
    post = await world.post(author)
    await checks.until(partial(is_under_way, world, post), every_s=0.002)
    worker.kill()
    assert not await checks.are_on_timelines(world, post, follower_ids[-1:])
    await checks.feeds_are_right(world, [author, *follower_ids[:: FOLLOWERS // 5]])

    start_worker()

    await checks.drained(world)
    assert await checks.are_on_timelines(world, post, follower_ids[::10])
    await checks.acknowledged_writes_are_there(world, [post])
    await checks.feeds_are_right(world, [author, *follower_ids[:: FOLLOWERS // 5]])
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def test_a_picture_whose_worker_is_killed_is_processed_by_another(
    world: World, redis: Server, start_worker: StartWorker
) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    worker = start_worker()
    await checks.drained(world)
    picture = await world.upload(ana, jpeg(*LARGE))
    post = await world.post(ana, mediaIds=[picture])
    async with checks.patient_redis(world) as client:
        await checks.until(partial(client.keys, "arq:in-progress:*"))
    worker.kill()
    assert await status(world, ana, picture) == "PROCESSING"
    assert await world.feed(ben) == []

    start_worker()

    await checks.until(partial(is_ready, world, ana, picture))
    await checks.drained(world)
    assert await world.feed(ben) == [post]
    await checks.acknowledged_writes_are_there(world, [post])
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def status(world: World, owner: Person, media_id: str) -> str:
    return str((await world.ask(owner, MEDIA, id=media_id))["node"]["status"])


async def is_ready(world: World, owner: Person, media_id: str) -> bool:
    return await status(world, owner, media_id) == "READY"


async def test_as_set_for_production_a_dead_workers_job_is_free_within_30_s(
    world: World, redis: Server, servers: EmbeddedServers
) -> None:
    """The tests above have shorter ones."""
    production = Settings.model_fields["job_timeout_s"].default
    settings = world.app.deps.settings.model_copy(update={"job_timeout_s": production})
    deps = replace(world.app.deps, settings=settings)
    async with connect_queue(servers.redis_url, timeout_s=PATIENCE_S) as client:
        locks_s = [arq_worker(deps, queue, client).in_progress_timeout_s for queue in ALL_QUEUES]
    assert max(locks_s) > production
    assert max(locks_s) + RESTART_AFTER_S + STARTS_S < AGAIN_WITHIN_S


@pytest.mark.parametrize("lost", ["*", "photofeed:queue:*", "arq:job:*"])
async def test_what_the_queue_lost_is_swept_from_postgres(
    world: World, redis: Server, start_worker: StartWorker, lost: str
) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    post = await world.post(ana, mediaIds=[await world.upload(ana, jpeg())])
    await world.app.queue.flush()
    async with checks.patient_redis(world) as client:
        keys = await client.keys(lost)
        assert await client.delete(*keys) > 1

    start_worker()

    await checks.drained(world)
    assert await world.feed(ben) == [post]
    await checks.acknowledged_writes_are_there(world, [post])
    await checks.counts_are_rows(world)
