"""Clients of Redis."""

import asyncio
from typing import Any

from redis.asyncio import ConnectionPool, Redis


def connect(redis_url: str, *, timeout_s: float) -> Redis:
    """A client that connects when it is first used. It waits for answers for as long as its caller does.

    A time-out in redis-py would cost more than all else about a command.
    """
    return Redis.from_pool(ConnectionPool.from_url(redis_url, socket_connect_timeout=timeout_s))


def pool(redis_url: str, *, timeout_s: float) -> ConnectionPool:
    return ConnectionPool.from_url(redis_url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s)


async def cancelled(*tasks: asyncio.Task[Any]) -> None:
    """End tasks that use Redis. Once may not be enough: in Python 3.11 `asyncio.wait_for` may lose a cancellation."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=0.1)
