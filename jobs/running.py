"""How a job runs: as its outbox row says, until that row is gone or set aside."""

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping

import structlog

from jobs.erase_comment import erase_comment
from jobs.erase_post import erase_post
from jobs.fan_out_post import fan_out_post
from jobs.process_media import process_media
from jobs.reclassify_author import reclassify_author
from jobs.refresh_timeline import refresh_timeline
from jobs.remove_media_files import remove_media_files
from jobs.settle_post import settle_post
from services.deps import Deps
from stores.errors import StoreUnavailable
from stores.postgres import outbox
from stores.rows import AnnouncedJob

log = structlog.get_logger()

Job = Callable[..., Awaitable[None]]

JOBS: Mapping[str, Job] = {
    job.__name__: job
    for job in (
        process_media,
        settle_post,
        fan_out_post,
        refresh_timeline,
        reclassify_author,
        erase_post,
        erase_comment,
        remove_media_files,
    )
}

RETRY_MOST_S = 300
STORE_RETRY_MOST_S = 30  # what was missed while a store was down is made up soon after it is back


async def run(deps: Deps, job_id: int) -> None:
    """Run an announced job; no change where it was done or set aside before.

    A failure is noted in the outbox, from where the sweeper enqueues the job again: after `job_retry_s`, then after
    twice as long each time. After `job_attempts` failures it is set aside; a store that is down counts as none.
    """
    async with deps.database.read() as connection:
        job = await outbox.find(connection, job_id)
    if job is None:
        return
    try:
        async with asyncio.timeout(deps.settings.job_timeout_s):
            await JOBS[job.job](deps, **job.arguments)
    except StoreUnavailable:
        await _postpone(deps, job)
    except Exception:
        await _note_failure(deps, job)
    else:
        async with deps.database.unit_of_work() as uow:
            await outbox.done(uow.connection, job.id)


async def _postpone(deps: Deps, job: AnnouncedJob) -> None:
    async with deps.database.unit_of_work() as uow:
        await outbox.postpone(
            uow.connection,
            job.id,
            traceback.format_exc(),
            least_s=deps.settings.job_retry_s,
            most_s=STORE_RETRY_MOST_S,
        )
    log.warning("job_postponed", job=job.job, arguments=job.arguments, reason=repr(sys.exception()))


async def _note_failure(deps: Deps, job: AnnouncedJob) -> None:
    settings = deps.settings
    retry_s = min(settings.job_retry_s * 2**job.attempts, RETRY_MOST_S)
    async with deps.database.unit_of_work() as uow:
        set_aside = await outbox.failed(
            uow.connection, job, traceback.format_exc(), retry_s=retry_s, most=settings.job_attempts
        )
    log.exception("job_failed", job=job.job, arguments=job.arguments, attempts=job.attempts + 1, set_aside=set_aside)
