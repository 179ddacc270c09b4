"""Every job done twice at once has one effect; one that always fails is set aside, and disturbs no other."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from dev.embedded import Server
from jobs import running
from settings import Settings
from stores.postgres import outbox
from tests.api.test_guarded_media import at_step
from tests.faults import checks
from tests.faults.conftest import StartWorker
from tests.processes import another_process
from tests.world import World, jpeg, row_id

TIMES = 3
POISON = """insert into outbox (job, arguments, due_at) values ('fan_out_post', '{"post_id": "none"}', now())"""
SET_ASIDE = "fan_out_post", 2, True


async def run_jobs_at_once(world: World) -> list[str]:
    """As `world.run_jobs`, but each job by several workers at the same time; gives the names of the jobs."""
    names: list[str] = []
    while due := await world.announced():
        for job_id, name in due:
            await asyncio.gather(*(running.run(world.app.deps, job_id) for _ in range(TIMES)))
            names.append(name)
    return names


async def test_every_job_done_at_once_by_several_workers_has_one_effect(world: World, redis: Server) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    await world.follow(ben, ana)
    assert set(await run_jobs_at_once(world)) == {"refresh_timeline", "notify_follower"}
    await world.feed(ben)
    await world.app.deps.upkeep.done()

    picture = await world.upload(ana, jpeg())
    post = await world.post(ana, "a #beach", mediaIds=[picture, await world.picture(ana)])
    await world.follow(ben, eva)
    names = await run_jobs_at_once(world)
    assert {"process_media", "settle_post", "fan_out_post", "refresh_timeline"} <= set(names)
    assert names.count("fan_out_post") == 1
    assert await world.feed(ben) == [post]
    assert await checks.are_on_timelines(world, post, [ben.row_id])
    assert await checks.timeline_size(world, ben) == 1
    await checks.counts_are_rows(world)
    assert await rows(world, "select post_count from author_counts") == [1]

    await world.delete(ana, post)
    assert set(await run_jobs_at_once(world)) == {"erase_post", "remove_media_files"}
    assert await world.feed(ben) == []
    await checks.counts_are_rows(world)
    assert await rows(world, "select post_count from author_counts") == [0]
    await checks.feeds_are_right(world, [ana, ben, eva])
    await checks.nothing_is_held(world)


async def test_of_two_workers_who_judge_a_picture_differently_the_first_is_believed(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await world.person()
    picture = await world.upload(ana, jpeg())
    [(job_id, _)] = await world.announced()
    async with another_process(settings, image_processing_s=0.001) as hasty:

        async def judge_first() -> None:
            await running.run(hasty.app.deps, job_id)
            assert await has_failed(world, picture)

        at_step(monkeypatch, world.app.deps.objects, "original", 0, judge_first, after=True)
        await running.run(world.app.deps, job_id)
    assert await has_failed(world, picture)


async def test_a_job_that_always_fails_is_set_aside_and_the_others_run(
    world: World, redis: Server, start_worker: StartWorker
) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    await world.sql(POISON)
    worker = start_worker(job_attempts=2)
    post = await world.post(ana, mediaIds=[await world.upload(ana, jpeg())])
    corrupt = await world.upload(ana, jpeg()[:600])

    await checks.until(lambda: is_set_aside(world))
    await checks.until(lambda: has_failed(world, corrupt))
    await checks.until(lambda: nothing_waits(world))

    assert await world.feed(ben) == [post]
    assert worker.runs
    await checks.acknowledged_writes_are_there(world, [post])
    await checks.feeds_are_right(world, [ana, ben])
    await checks.nothing_is_held(world)


async def is_set_aside(world: World) -> bool:
    """Where a person sees it, with what is wrong."""
    async with world.app.deps.database.read() as connection:
        aside = await outbox.unfinished(connection, set_aside=True, most=10)
    return [(job.job, job.attempts, "ProgrammingError" in str(job.last_error)) for job in aside] == [SET_ASIDE]


async def has_failed(world: World, media_id: str) -> bool:
    return await rows(world, f"select status from media where id = {row_id(media_id)}") == ["FAILED"]


async def nothing_waits(world: World) -> bool:
    return not await world.announced()


async def rows(world: World, statement: str) -> Sequence[object]:
    async with world.app.deps.database.read() as connection:
        return list(await connection.scalars(text(statement)))
