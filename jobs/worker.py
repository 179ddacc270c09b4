"""The worker process: takes jobs from the queue and runs them, and sweeps the outbox for those that the queue lost."""

import asyncio
import signal
from collections.abc import Collection, Coroutine
from typing import TYPE_CHECKING, Any, cast

import structlog
from anyio import to_process
from arq.connections import ArqRedis
from arq.worker import Worker, func

import wiring
from jobs import housekeeping
from jobs.routes import QUEUES
from jobs.running import run as run_job
from services.deps import Deps
from settings import Settings
from stores.redis.connection import cancelled
from stores.redis.job_queue import connect_queue, queue_key

if TYPE_CHECKING:
    from arq.typing import WorkerCoroutine

log = structlog.get_logger()

ALL_QUEUES = tuple(dict.fromkeys(QUEUES.values()))
RESTART_AFTER_S = 1.0
TIMEOUT_MARGIN_S = 1  # `run_job` has a time-out of its own, which it notes; arq's must come later
LOCK_MARGIN_S = 2  # beyond the time-out of a job, before another worker may take it; arq's own are 10


async def run(settings: Settings, queues: Collection[str] = ALL_QUEUES) -> None:
    """Take jobs from `queues` until SIGTERM or SIGINT; then finish what is running, within `shutdown_grace_s`."""
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    to_process.current_default_process_limiter().total_tokens = settings.image_processes
    async with wiring.running(settings) as app, asyncio.TaskGroup() as tasks:
        chores = [tasks.create_task(chore) for chore in _chores(app)]
        log.info("worker_started", queues=sorted(queues))
        await asyncio.gather(*(_work(app.deps, queue, stopping) for queue in queues))
        await cancelled(*chores)
    log.info("worker_stopped")


def _chores(app: wiring.App) -> list[Coroutine[Any, Any, None]]:
    deps, queue = app.deps, app.queue
    return [
        housekeeping.repeatedly(deps.settings.sweep_every_s, lambda: housekeeping.sweep(deps, queue)),
        housekeeping.repeatedly(deps.settings.collect_every_s, lambda: housekeeping.collect(deps)),
        housekeeping.repeatedly(deps.settings.collect_every_s, lambda: housekeeping.return_to_push(deps)),
    ]


async def _work(deps: Deps, queue: str, stopping: asyncio.Event) -> None:
    """Keep an arq worker on a queue until `stopping`, also when Redis goes and comes back."""
    settings = deps.settings
    stop = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        async with connect_queue(wiring.queue_address(settings), timeout_s=settings.redis_timeout_s) as redis:
            worker = arq_worker(deps, queue, redis)
            working = asyncio.create_task(worker.async_run())
            await asyncio.wait([working, stop], return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                log.warning("queue_lost", queue=queue, reason=repr(working.exception()))
            worker.allow_pick_jobs = False
            if worker.tasks:
                await asyncio.wait(worker.tasks.values(), timeout=settings.shutdown_grace_s)
            await cancelled(working)
        if not stopping.is_set():
            await asyncio.wait([stop], timeout=RESTART_AFTER_S)


def arq_worker(deps: Deps, queue: str, redis: ArqRedis) -> Worker:
    settings = deps.settings

    async def run_announced(ctx: dict[Any, Any], job_id: int) -> None:
        await run_job(deps, job_id)

    jobs = [name for name, its_queue in QUEUES.items() if its_queue == queue]
    worker = Worker(
        functions=[func(cast("WorkerCoroutine", run_announced), name=name) for name in jobs],
        queue_name=queue_key(queue),
        redis_pool=redis,
        handle_signals=False,
        max_jobs=settings.jobs_at_once,
        job_timeout=settings.job_timeout_s + TIMEOUT_MARGIN_S,
        keep_result=0,
        poll_delay=settings.queue_poll_s,
        max_tries=1_000_000,  # how often a job is tried, the outbox knows
    )
    worker.in_progress_timeout_s = settings.job_timeout_s + LOCK_MARGIN_S
    return worker
