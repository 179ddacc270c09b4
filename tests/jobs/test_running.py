"""How a job runs: again when it failed, aside when it failed too often, without harm to others."""

from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select

from jobs import running
from services.events import MediaProcessed, PostDeleted
from settings import Settings
from stores.postgres.tables import outbox, posts
from tests.processes import another_process
from tests.world import World, jpeg, row_id

POISON = """insert into outbox (job, arguments, due_at) values (:job, '{"media_id": "none"}', now())"""


class State(NamedTuple):
    attempts: int
    is_set_aside: bool
    last_error: str | None
    due_in_s: float


async def poisoned(world: World, job: str = "process_media") -> int:
    """A job that fails whenever it runs; gives its id."""
    await world.sql(POISON, job=job)
    [(job_id, _)] = (await world.announced())[-1:]
    return job_id


async def state(world: World, job_id: int) -> State:
    due_in_s = func.extract("epoch", outbox.c.due_at - func.now())
    statement = select(outbox.c.attempts, outbox.c.is_set_aside, outbox.c.last_error, due_in_s)
    async with world.app.deps.database.read() as connection:
        return State(*(await connection.execute(statement.where(outbox.c.id == job_id))).one())


async def test_a_job_that_is_done_is_gone(world: World) -> None:
    await world.upload(await world.person(), jpeg(40, 50))
    [(job_id, _)] = await world.announced()
    await running.run(world.app.deps, job_id)
    assert await world.announced() == []


async def test_a_job_that_was_done_does_nothing(world: World) -> None:
    async with world.unchanged():
        await running.run(world.app.deps, 123_456)


@pytest.mark.parametrize("job", ["process_media", "a job that nobody knows"])
async def test_a_job_that_failed_waits_twice_as_long_each_time(world: World, job: str) -> None:
    job_id = await poisoned(world, job)
    waits = []
    for attempts in range(1, 9):
        await running.run(world.app.deps, job_id)
        failed = await state(world, job_id)
        assert (failed.attempts, failed.is_set_aside) == (attempts, False)
        waits.append(failed.due_in_s)
    assert waits == pytest.approx([5, 10, 20, 40, 80, 160, 300, 300], abs=3)


async def test_what_went_wrong_is_noted(world: World) -> None:
    job_id = await poisoned(world)
    await running.run(world.app.deps, job_id)
    error = (await state(world, job_id)).last_error
    assert error is not None
    assert error.rstrip().splitlines()[-1]
    assert len(error) <= 2_000


async def test_a_job_that_failed_ten_times_is_set_aside_and_runs_no_more(world: World) -> None:
    job_id = await poisoned(world)
    for _ in range(10):
        assert not (await state(world, job_id)).is_set_aside
        await running.run(world.app.deps, job_id)
    assert (await state(world, job_id)).is_set_aside
    async with world.unchanged():
        await running.run(world.app.deps, job_id)


async def test_others_run_beside_one_that_is_poisoned(world: World) -> None:
    ana = await world.person()
    job_id = await poisoned(world)
    post_id = await world.post(ana, mediaIds=[await world.upload(ana, jpeg(40, 50))])
    await world.run_jobs()
    assert await world.feed(ana) == [post_id]
    assert (await state(world, job_id)).is_set_aside


async def test_a_job_that_takes_too_long_has_failed(world: World, settings: Settings) -> None:
    ana = await world.person()
    post_id = await world.post(ana, mediaIds=[await world.picture(ana, status="PROCESSING")])
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.announce(MediaProcessed(row_id(post_id)))
    [(job_id, _)] = await world.announced()
    async with another_process(settings, job_timeout_s=0.2) as process:
        async with world.app.deps.database.unit_of_work() as uow:
            await uow.connection.execute(select(posts).where(posts.c.id == row_id(post_id)).with_for_update())
            await running.run(process.app.deps, job_id)
        slow = await state(world, job_id)
        assert (slow.attempts, (slow.last_error or "").rstrip().splitlines()[-1]) == (1, "TimeoutError")
    await running.run(world.app.deps, job_id)
    assert await world.announced() == []


async def test_every_job_may_run_twice(world: World) -> None:
    ana = await world.person()
    await world.follow(await world.person(), ana)
    kept = await world.post(ana, "#sea", mediaIds=[await world.upload(ana, jpeg(40, 50))])
    deleted = await world.post(ana, "#sea", mediaIds=[await world.upload(ana, jpeg(50, 40))])
    await world.run_jobs()
    await world.delete(ana, deleted)
    seen: dict[int, tuple[str, Any]] = {}
    while due := await world.announced():
        for job_id, job in due:
            seen[job_id] = job, await arguments(world, job_id)
            await running.run(world.app.deps, job_id)
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.announce(MediaProcessed(row_id(kept)))
        await uow.announce(PostDeleted(row_id(deleted)))
    for job, given in [*seen.values(), *seen.values()]:
        await running.JOBS[job](world.app.deps, **given)
    await world.run_jobs()
    assert await world.feed(ana) == [kept]
    assert (await world.ask(None, '{ hashtag(name: "sea") { postCount } }'))["hashtag"] == {"postCount": 1}


async def arguments(world: World, job_id: int) -> Any:
    async with world.app.deps.database.read() as connection:
        return await connection.scalar(select(outbox.c.arguments).where(outbox.c.id == job_id))
