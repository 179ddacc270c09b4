"""Redis does not answer, and says nothing about it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from statistics import median

import pytest

from dev.embedded import Server
from settings import Settings
from tests.faults import checks
from tests.faults.conftest import StartWorker
from tests.patience import as_in_production
from tests.processes import another_process
from tests.world import World

HANGS_S = 5.0  # in place of 30: the breaker is open after the first second
EXTRA_MOST_S = 0.25  # without the breaker: two time-outs of 0.15 s
READERS = 4
TIMES = 3
"""Tries to keep the promise, as the machine may be busy just then."""
IN_A_HURRY = as_in_production("redis_timeout_s", "timeline_timeout_s")


@pytest.fixture
async def world(world: World, settings: Settings) -> AsyncIterator[World]:
    """One that waits for Redis as in production."""
    async with another_process(settings, **IN_A_HURRY) as process:
        yield process


async def test_a_redis_that_hangs_costs_a_request_at_most_200_ms_and_leaves_nothing_behind(
    world: World, redis: Server, start_worker: StartWorker
) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    await world.follow(ben, ana)
    worker = start_worker(**IN_A_HURRY)
    posts = [await world.post(ana)]
    await checks.drained(world)
    await checks.until(partial(checks.has_warm_feed, world, ben))

    async def ask() -> None:
        """What a person does: reads, posts, follows."""
        assert await world.feed(ben) == posts[::-1]
        await world.follow(eva, ana)
        assert await world.feed(ben, first=1) == posts[-1:]
        await world.unfollow(eva, ana)

    usual = median(await lasting(ask, for_s=1.0))
    tasks = len(asyncio.all_tasks())

    os.kill(redis.pid, signal.SIGSTOP)
    for _ in range(TIMES):
        hanging = median(await lasting(ask, for_s=HANGS_S))
        if hanging - usual < EXTRA_MOST_S:
            break
    posts.append(await world.post(ana))
    await ask()
    assert world.app.deps.timelines.breaker.is_open
    os.kill(redis.pid, signal.SIGCONT)

    assert hanging - usual < EXTRA_MOST_S
    await checks.until(partial(checks.has_warm_feed, world, ben))
    await checks.drained(world)
    assert await checks.are_on_timelines(world, posts[-1], [ben.row_id])
    assert worker.runs
    await checks.feeds_are_right(world, [ana, ben, eva])
    await checks.acknowledged_writes_are_there(world, posts)
    await checks.nothing_is_held(world)
    assert len(asyncio.all_tasks()) <= tasks


async def lasting(ask: Callable[[], Awaitable[None]], *, for_s: float) -> list[float]:
    """Seconds that each of many askings takes, some at once."""
    took: list[float] = []

    async def again_and_again() -> None:
        end = time.monotonic() + for_s
        while (began := time.monotonic()) < end:
            await ask()
            took.append(time.monotonic() - began)

    await asyncio.gather(*(again_and_again() for _ in range(READERS)))
    return took
