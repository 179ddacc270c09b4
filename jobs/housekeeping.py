"""What a worker does again and again, unasked."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services import fan_out, uploads, withdrawing
from services.deps import Deps
from stores.errors import StoreUnavailable
from stores.postgres import idempotency, outbox, push_fan_outs, reach
from stores.redis.job_queue import JobQueue

log = structlog.get_logger()


async def sweep(deps: Deps, queue: JobQueue) -> int:
    """Enqueue the announced jobs that are due: what the queue lost, and what failed and shall run again."""
    settings = deps.settings
    async with deps.database.unit_of_work() as uow:
        due = await outbox.sweep(uow.connection, again_after_s=settings.sweep_after_s, most=settings.sweep_batch)
    queue.enqueue(due)
    return len(due)


async def collect(deps: Deps) -> None:
    """Remove uploads that were abandoned, idempotency keys past their window, and old notifications."""
    most = deps.settings.collect_batch
    while await uploads.collect_abandoned(deps, most=most) == most:
        pass
    async with deps.database.unit_of_work() as uow:
        await idempotency.forget(uow.connection, older_than_s=deps.settings.idempotency_window_s)
        await push_fan_outs.forget(uow.connection, older_than_s=deps.settings.push_ttl_s)
    while await withdrawing.collect_old(deps, most=most):
        pass


async def return_to_push(deps: Deps) -> None:
    """Stop pulling authors whose followers became few, once every timeline that lacks their posts is gone."""
    async with deps.database.read() as connection:
        due = await reach.due_for_push(
            connection, after_s=fan_out.timelines_live_s(deps), most=deps.settings.collect_batch
        )
    for author_id in due:
        await fan_out.reclassify(deps, author_id)


async def repeatedly(every_s: float, work: Callable[[], Awaitable[object]]) -> None:
    """Until cancelled; what goes wrong only means that this time was for nothing."""
    while True:
        try:
            await work()
        except StoreUnavailable as error:
            log.warning("housekeeping_skipped", reason=str(error))
        except Exception:
            log.exception("housekeeping_failed")
        await asyncio.sleep(every_s)
