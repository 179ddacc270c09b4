"""Clients of Redis."""

from redis.asyncio import ConnectionPool, Redis


def connect(redis_url: str, *, timeout_s: float) -> Redis:
    """A client that connects when it is first used."""
    return Redis.from_pool(pool(redis_url, timeout_s=timeout_s))


def pool(redis_url: str, *, timeout_s: float) -> ConnectionPool:
    return ConnectionPool.from_url(redis_url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s)
