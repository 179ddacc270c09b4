"""Announced jobs that are not done: those that wait, and those set aside for having failed too often."""

from collections.abc import Sequence

from services.deps import Deps
from stores.postgres import outbox
from stores.postgres.outbox import UnfinishedJob


async def listed(deps: Deps, *, set_aside: bool, most: int) -> list[UnfinishedJob]:
    """At most so many of the jobs that are set aside, or of those that wait, the oldest first."""
    async with deps.database.read() as connection:
        return await outbox.unfinished(connection, set_aside=set_aside, most=most)


async def retry(deps: Deps, job_ids: Sequence[int] | None) -> list[int]:
    """Have set-aside jobs (None: all) run at once, as if they had never failed. Gives the ids of those there were."""
    async with deps.database.unit_of_work() as uow:
        retried = await outbox.retry(uow.connection, job_ids)
        uow.announced += retried
    return [job_id for job_id, _ in retried]


async def drop(deps: Deps, job_ids: Sequence[int]) -> list[int]:
    """Remove set-aside jobs for good: what they were to do stays undone. Gives the ids of those there were."""
    async with deps.database.unit_of_work() as uow:
        return await outbox.drop(uow.connection, job_ids)
