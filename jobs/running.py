"""How a job runs: as its outbox row says, until that row is gone or set aside."""

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping

import structlog

from jobs.accept_requests import accept_requests
from jobs.erase_comment import erase_comment
from jobs.erase_post import erase_post
from jobs.fan_out_post import fan_out_post
from jobs.guard_media import guard_media
from jobs.notify_comment_likes import notify_comment_likes
from jobs.notify_comments import notify_comments
from jobs.notify_follow_accepted import notify_follow_accepted
from jobs.notify_follow_request import notify_follow_request
from jobs.notify_follower import notify_follower
from jobs.notify_mentions import notify_mentions
from jobs.notify_post_likes import notify_post_likes
from jobs.part_people import part_people
from jobs.process_media import process_media
from jobs.push_notification import push_notification
from jobs.push_notification_again import push_notification_again
from jobs.push_post import push_post
from jobs.push_post_again import push_post_again
from jobs.reclassify_author import reclassify_author
from jobs.refresh_timeline import refresh_timeline
from jobs.remove_media_files import remove_media_files
from jobs.settle_post import settle_post
from services.deps import Deps
from services.later import TryLater
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
        notify_follower,
        notify_follow_request,
        notify_follow_accepted,
        part_people,
        notify_post_likes,
        notify_comment_likes,
        notify_comments,
        notify_mentions,
        push_post,
        push_post_again,
        push_notification,
        push_notification_again,
        erase_post,
        erase_comment,
        remove_media_files,
        guard_media,
        accept_requests,
    )
}

RETRY_MOST_S = 300
STORE_RETRY_MOST_S = 30  # what was missed while a store was down is made up soon after it is back


async def run(deps: Deps, job_id: int) -> None:
    """Run an announced job; no change where it was done or set aside before.

    A failure is noted in the outbox, from where the sweeper enqueues the job again: after `job_retry_s`, then after
    twice as long each time. After `job_attempts` failures it is set aside; a store that is down counts as none.
    A job that says `TryLater` has failed too, but waits for as long as it says, and is given up instead of set aside.
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
    except TryLater as later:
        await _try_later(deps, job, later)
    except Exception:
        set_aside = await _note_failure(deps, job)
        log.exception(
            "job_failed", job=job.job, arguments=job.arguments, attempts=job.attempts + 1, set_aside=set_aside
        )
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


async def _try_later(deps: Deps, job: AnnouncedJob, later: TryLater) -> None:
    given_up = await _note_failure(deps, job, after_s=later.after_s)
    if given_up:
        async with deps.database.unit_of_work() as uow:
            await outbox.done(uow.connection, job.id)
    log.warning("job_given_up" if given_up else "job_put_off", job=job.job, arguments=job.arguments, reason=str(later))


async def _note_failure(deps: Deps, job: AnnouncedJob, *, after_s: float = 0) -> bool:
    """Whether the job is set aside; else it runs again, after `after_s` at the earliest."""
    settings = deps.settings
    retry_s = min(settings.job_retry_s * 2**job.attempts, RETRY_MOST_S)
    async with deps.database.unit_of_work() as uow:
        return await outbox.failed(
            uow.connection,
            job,
            traceback.format_exc(),
            retry_s=max(retry_s, after_s),
            most=settings.job_attempts,
        )
