"""Announced jobs: rows that commit with the write that needs them and go when the job is done."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.statements import among, columns, fetch, fetch_one
from stores.postgres.tables import outbox
from stores.rows import AnnouncedJob

LAST_ERROR_CHARACTERS = 2_000


@dataclass(frozen=True)
class Event:
    """Something that happened; its fields are ids, and the arguments of the jobs that follow."""


class UnfinishedJob(AnnouncedJob, frozen=True):
    """`last_error`: the end of a traceback; None where the job has not failed yet."""

    announced_at: datetime
    last_error: str | None


class Backlog(NamedTuple):
    """Of one job: how many wait to be done, how many are set aside; for how many seconds the oldest has waited."""

    job: str
    waiting: int
    set_aside: int
    oldest_s: float


_ADD = text(
    """
    insert into outbox (job, arguments, due_at)
    select job, cast(arguments as jsonb), now() + cast(:after as interval)
    from unnest(cast(:jobs as text[]), cast(:arguments as text[])) as announced (job, arguments)
    returning id, job
    """
)


async def add(
    connection: AsyncConnection, jobs: Sequence[tuple[str, Event]], *, sweep_after_s: float
) -> list[tuple[int, str]]:
    """Store jobs, each with what it follows from; gives their ids and names.

    The sweeper takes up those that are not done after so long.
    """
    parameters = {
        "jobs": [job for job, _ in jobs],
        "arguments": [json.dumps(asdict(event)) for _, event in jobs],
        "after": timedelta(seconds=sweep_after_s),
    }
    return [(job_id, job) for job_id, job in await connection.execute(_ADD, parameters)]


async def find(connection: AsyncConnection, job_id: int) -> AnnouncedJob | None:
    """None when the job was done, or was set aside."""
    return await fetch_one(
        connection,
        AnnouncedJob,
        select(*columns(outbox, AnnouncedJob)).where(outbox.c.id == job_id, ~outbox.c.is_set_aside),
    )


async def done(connection: AsyncConnection, job_id: int) -> None:
    await connection.execute(delete(outbox).where(outbox.c.id == job_id))


async def failed(connection: AsyncConnection, job: AnnouncedJob, error: str, *, retry_s: float, most: int) -> bool:
    """Note the failure and when to try again; True when the job was set aside for having failed `most` times."""
    set_aside = job.attempts + 1 >= most
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == job.id)
        .values(
            attempts=outbox.c.attempts + 1,
            last_error=error[-LAST_ERROR_CHARACTERS:],
            due_at=func.now() + timedelta(seconds=retry_s),
            is_set_aside=set_aside,
        )
    )
    return set_aside


_POSTPONE = text(
    """
    update outbox set
        last_error = :error,
        due_at = now() + least(greatest((now() - announced_at) / 2, cast(:least as interval)), cast(:most as interval))
    where id = :job_id
    """
)


async def postpone(connection: AsyncConnection, job_id: int, error: str, *, least_s: float, most_s: float) -> None:
    """Try again after half of the time that the job has waited so far, within these bounds: it was not its fault."""
    bounds = {"least": timedelta(seconds=least_s), "most": timedelta(seconds=most_s)}
    await connection.execute(_POSTPONE, {"job_id": job_id, "error": error[-LAST_ERROR_CHARACTERS:], **bounds})


async def sweep(connection: AsyncConnection, *, again_after_s: float, most: int) -> list[tuple[int, str]]:
    """Jobs that are due, oldest first; each is due again after `again_after_s`. Two sweepers never get the same one."""
    late = (
        select(outbox.c.id)
        .where(~outbox.c.is_set_aside, outbox.c.due_at <= func.now())
        .order_by(outbox.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("late")  # as a subquery it might run for every row, and skip other locked rows each time
    )
    swept = await connection.execute(
        update(outbox)
        .where(outbox.c.id == late.c.id)
        .values(due_at=func.now() + timedelta(seconds=again_after_s))
        .returning(outbox.c.id, outbox.c.job)
    )
    return sorted((job_id, job) for job_id, job in swept)


async def unfinished(connection: AsyncConnection, *, set_aside: bool, most: int) -> list[UnfinishedJob]:
    """At most so many of the jobs that are set aside, or of those that are not, the oldest first."""
    statement = (
        select(*columns(outbox, UnfinishedJob))
        .where(outbox.c.is_set_aside == set_aside)
        .order_by(outbox.c.id)
        .limit(most)
    )
    return await fetch(connection, UnfinishedJob, statement)


async def retry(connection: AsyncConnection, job_ids: Sequence[int] | None) -> list[tuple[int, str]]:
    """Let set-aside jobs (None: all) wait again, due at once and as if they had never failed; gives ids and names."""
    retried = await connection.execute(
        update(outbox)
        .where(outbox.c.is_set_aside, true() if job_ids is None else among(outbox.c.id, job_ids))
        .values(is_set_aside=False, attempts=0, due_at=func.now())
        .returning(outbox.c.id, outbox.c.job)
    )
    return sorted((job_id, job) for job_id, job in retried)


async def drop(connection: AsyncConnection, job_ids: Sequence[int]) -> list[int]:
    """Remove set-aside jobs undone; gives the ids of those that there were."""
    dropped = await connection.execute(
        delete(outbox).where(outbox.c.is_set_aside, among(outbox.c.id, job_ids)).returning(outbox.c.id)
    )
    return sorted(dropped.scalars())


async def backlogs(connection: AsyncConnection) -> list[Backlog]:
    """Of each job that is not all done."""
    waits = ~outbox.c.is_set_aside
    waited = func.now() - func.min(outbox.c.announced_at).filter(waits)
    statement = select(
        outbox.c.job,
        func.count().filter(waits),
        func.count().filter(outbox.c.is_set_aside),
        func.coalesce(func.extract("epoch", waited), 0),
    ).group_by(outbox.c.job)
    rows = await connection.execute(statement)
    return [Backlog(job, waiting, set_aside, float(oldest_s)) for job, waiting, set_aside, oldest_s in rows]
