"""`photofeed jobs`, in a process of its own."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from subprocess import CompletedProcess

import pytest
from anyio import to_thread
from sqlalchemy import select

from services.events import FollowsChanged
from settings import Settings
from stores.postgres import outbox
from stores.postgres.tables import outbox as jobs
from stores.redis.connection import connect
from stores.redis.job_queue import queue_key
from tests.dev.processes import photofeed
from tests.patience import PATIENCE_S
from tests.world import World

ERROR = 'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: no [such] picture\n'


async def command(environment: dict[str, str], *arguments: str) -> CompletedProcess[str]:
    return await to_thread.run_sync(lambda: photofeed("jobs", *arguments, **environment, COLUMNS="160"))


async def waiting_job(world: World, viewer_id: int) -> int:
    """The id of a `refresh_timeline` that nobody does."""
    async with world.app.deps.database.unit_of_work() as uow:
        announced = [("refresh_timeline", FollowsChanged(viewer_id))]
        [(job_id, _)] = await outbox.add(uow.connection, announced, sweep_after_s=3_600)
    return job_id


async def set_aside_job(world: World, viewer_id: int) -> int:
    """The id of one that has failed for the last time."""
    job_id = await waiting_job(world, viewer_id)
    async with world.app.deps.database.unit_of_work() as uow:
        job = await outbox.find(uow.connection, job_id)
        assert job is not None
        assert await outbox.failed(uow.connection, job, ERROR, retry_s=0, most=1)
    return job_id


async def attempts_of_waiting(world: World) -> dict[int, int]:
    async with world.app.deps.database.read() as connection:
        rows = await connection.execute(select(jobs.c.id, jobs.c.attempts).where(~jobs.c.is_set_aside))
        return {row.id: row.attempts for row in rows}


@asynccontextmanager
async def queued(settings: Settings) -> AsyncIterator[set[int]]:
    """After the block: the ids that have come into the queue of `refresh_timeline` in it."""
    came: set[int] = set()
    redis = connect(settings.redis_url.get_secret_value(), timeout_s=PATIENCE_S)
    await redis.delete(queue_key("rest"))
    yield came
    came |= {int(name) for name in await redis.zrange(queue_key("rest"), 0, -1)}
    await redis.aclose()


async def test_jobs_that_were_set_aside_are_listed_with_the_last_line_of_their_error(
    world: World, environment: dict[str, str]
) -> None:
    job_id, waiting_id = await set_aside_job(world, 71), await waiting_job(world, 72)
    seen = await command(environment, "list")
    assert seen.returncode == 0, seen.stderr
    [row] = [line for line in seen.stdout.splitlines() if "refresh_timeline" in line]
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert [*cells[:4], cells[5]] == [
        str(job_id), "refresh_timeline", "viewer_id=71", "1", "ValueError: no [such] picture",
    ]  # fmt: skip
    assert str(waiting_id) not in [cell.strip() for cell in seen.stdout.split("│")]


async def test_waiting_jobs_are_listed_on_demand_and_as_json(world: World, environment: dict[str, str]) -> None:
    await set_aside_job(world, 71)
    waiting_ids = [await waiting_job(world, viewer_id) for viewer_id in (72, 73, 74)]
    seen = await command(environment, "list", "--waiting", "--json", "--most", "2")
    listed = json.loads(seen.stdout)
    assert [job["id"] for job in listed] == waiting_ids[:2]
    assert listed[0].pop("announcedAt").endswith("+00:00")
    assert listed[0] == {
        "id": waiting_ids[0], "job": "refresh_timeline", "arguments": {"viewer_id": 72}, "attempts": 0,
        "lastError": None,
    }  # fmt: skip


async def test_where_none_is_set_aside_the_list_says_so(world: World, environment: dict[str, str]) -> None:
    await waiting_job(world, 71)
    seen = await command(environment, "list")
    assert (seen.returncode, seen.stdout) == (0, "No job is set aside.\n")


async def test_a_retried_job_is_enqueued_at_once_as_if_it_had_never_failed(
    world: World, environment: dict[str, str], settings: Settings
) -> None:
    job_id, other_id = await set_aside_job(world, 71), await set_aside_job(world, 72)
    async with queued(settings) as came:
        seen = await command(environment, "retry", str(job_id))
    assert (seen.returncode, seen.stdout) == (0, "Enqueued again: 1 job.\n"), seen.stderr
    assert came == {job_id}
    assert await attempts_of_waiting(world) == {job_id: 0}
    async with world.app.deps.database.unit_of_work() as uow:
        assert [job_id for job_id, _ in await outbox.sweep(uow.connection, again_after_s=9, most=9)] == [job_id]
        assert other_id not in await attempts_of_waiting(world)


async def test_all_jobs_are_retried_and_then_done(
    world: World, environment: dict[str, str], settings: Settings
) -> None:
    job_ids = {await set_aside_job(world, viewer_id) for viewer_id in (71, 72)}
    async with queued(settings) as came:
        seen = await command(environment, "retry", "--all")
    assert (seen.returncode, seen.stdout) == (0, "Enqueued again: 2 jobs.\n"), seen.stderr
    assert came == job_ids
    await world.run_jobs()
    assert await world.count(jobs) == 0


async def test_jobs_that_are_not_set_aside_are_named_and_the_others_retried(
    world: World, environment: dict[str, str]
) -> None:
    job_id, waiting_id = await set_aside_job(world, 71), await waiting_job(world, 72)
    seen = await command(environment, "retry", str(job_id), str(waiting_id), "999999999")
    assert (seen.returncode, seen.stdout) == (1, "Enqueued again: 1 job.\n")
    assert seen.stderr == f"photofeed: not set aside: {waiting_id}, 999999999\n"


@pytest.mark.parametrize("arguments", [(), ("--all", "7")])
async def test_retrying_takes_either_numbers_or_all(environment: dict[str, str], arguments: tuple[str, ...]) -> None:
    seen = await command(environment, "retry", *arguments)
    assert seen.returncode == 2
    assert "either the numbers of jobs, or --all" in seen.stderr


async def test_a_dropped_job_is_gone_and_others_stay(world: World, environment: dict[str, str]) -> None:
    job_id, _ = await set_aside_job(world, 71), await set_aside_job(world, 72)
    waiting_id = await waiting_job(world, 73)
    seen = await command(environment, "drop", "--yes", str(job_id), str(waiting_id))
    assert (seen.returncode, seen.stdout) == (1, "Dropped: 1 job.\n")
    assert seen.stderr == f"photofeed: not set aside: {waiting_id}\n"
    assert await world.count(jobs) == 2


async def test_nothing_is_dropped_without_a_yes(world: World, environment: dict[str, str]) -> None:
    job_id = await set_aside_job(world, 71)
    async with world.unchanged():
        seen = await command(environment, "drop", str(job_id))
    assert seen.returncode == 1
    assert "Drop 1 job for good?" in seen.stdout


async def test_without_postgres_it_says_so_in_a_line(environment: dict[str, str]) -> None:
    nowhere = {**environment, "PHOTOFEED_DATABASE_URL": "postgresql://photofeed@127.0.0.1:1/photofeed"}
    seen = await command(nowhere, "list")
    assert (seen.returncode, seen.stderr) == (1, "photofeed: Postgres does not answer\n")
