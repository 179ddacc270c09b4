"""The queues that wake workers. What they lose, the sweeper finds in the outbox again."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from arq.connections import ArqRedis
from arq.utils import timestamp_ms
from redis.exceptions import RedisError

from stores.redis.connection import pool

log = structlog.get_logger()


def connect_queue(redis_url: str, *, timeout_s: float) -> ArqRedis:
    """A client that connects when it is first used."""
    redis = ArqRedis(pool(redis_url, timeout_s=timeout_s))
    redis.auto_close_connection_pool = True  # as it would be for a pool of its own
    return redis


def queue_key(queue: str) -> str:
    return f"photofeed:queue:{queue}"


class JobQueue:
    """Hands announced jobs to arq in the background, in the order of their announcement: nobody waits for Redis."""

    def __init__(self, redis: ArqRedis, queues: Mapping[str, str], *, waiting_most: int) -> None:
        """`queues`: the queue of each job."""
        self._redis, self._queues = redis, queues
        self._waiting: asyncio.Queue[tuple[int, str]] = asyncio.Queue(waiting_most)

    def enqueue(self, jobs: Sequence[tuple[int, str]]) -> None:
        """Ids and names of announced jobs. Past `waiting_most` they are left to the sweeper."""
        for job in jobs:
            if job[1] not in self._queues:  # a worker of newer code announced it, and knows it
                log.warning("job_left_to_sweeper", reason="unknown here", job=job)
            elif self._waiting.full():
                log.warning("job_left_to_sweeper", reason="too many waiting", job=job)
            else:
                self._waiting.put_nowait(job)

    async def run(self) -> None:
        """Enqueue until cancelled."""
        while True:
            job_id, name = await self._waiting.get()
            try:
                await self.put(job_id, name)
            except (RedisError, OSError) as error:
                log.warning("job_left_to_sweeper", reason=repr(error), job=(job_id, name))
            finally:
                self._waiting.task_done()

    async def put(self, job_id: int, name: str) -> None:
        """Enqueue one job, unless it is enqueued or running already.

        arq goes by the key of the job itself, which may be there still when the queue is lost.
        """
        queue = queue_key(self._queues[name])
        if await self._redis.enqueue_job(name, job_id, _job_id=str(job_id), _queue_name=queue) is None:
            await self._redis.zadd(queue, {str(job_id): timestamp_ms()}, nx=True)

    async def flush(self) -> None:
        """Wait until nothing is waiting."""
        await self._waiting.join()

    async def ping(self) -> None:
        await self._redis.ping()

    async def close(self) -> None:
        await self._redis.aclose()
