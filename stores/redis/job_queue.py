"""The queue that wakes workers. What it loses, the sweeper finds in the outbox again."""

import asyncio
from collections.abc import Sequence

import structlog
from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

log = structlog.get_logger()


def connect(redis_url: str, *, timeout_s: float) -> ArqRedis:
    """A client that connects when it is first used."""
    pool = ConnectionPool.from_url(redis_url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s)
    redis = ArqRedis(pool)
    redis.auto_close_connection_pool = True  # as it would be for a pool of its own
    return redis


class JobQueue:
    """Hands announced jobs to arq in the background, in the order of their announcement: nobody waits for Redis."""

    def __init__(self, redis: ArqRedis, *, waiting_most: int) -> None:
        self._redis = redis
        self._waiting: asyncio.Queue[tuple[int, str]] = asyncio.Queue(waiting_most)

    def enqueue(self, jobs: Sequence[tuple[int, str]]) -> None:
        """Ids and names of announced jobs. Past `waiting_most` they are left to the sweeper."""
        for job in jobs:
            try:
                self._waiting.put_nowait(job)
            except asyncio.QueueFull:
                log.warning("job_left_to_sweeper", reason="too many waiting", job=job)

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
        """Enqueue one job, unless it is enqueued or running already."""
        await self._redis.enqueue_job(name, job_id, _job_id=str(job_id))

    async def flush(self) -> None:
        """Wait until nothing is waiting."""
        await self._waiting.join()

    async def ping(self) -> None:
        await self._redis.ping()

    async def close(self) -> None:
        await self._redis.aclose()
