"""Pushes that Redis is at while something else is done."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager

import pytest

from stores.redis.timelines import Slice
from tests.world import World

VIEWERS = range(1, 1_001)
POST = 1 << 60


async def test_after_it_the_post_is_there(world: World) -> None:
    timelines = world.app.deps.timelines
    header = await timelines.mark(VIEWERS[-1], now=int(time.time()))
    async with timelines.pushing(VIEWERS, POST):
        pass
    assert await timelines.read(VIEWERS[-1], below=POST + 1, most=1) == Slice(header, [POST])


async def test_what_fails_meanwhile_leaves_nobody_an_answer_meant_for_it(world: World) -> None:
    timelines = world.app.deps.timelines
    header = await timelines.mark(VIEWERS[-1], now=int(time.time()))
    with pytest.raises(RuntimeError, match="meanwhile"):
        await fail_beside(timelines.pushing(VIEWERS, POST))
    assert await timelines.read(VIEWERS[-1], below=POST, most=1) == Slice(header, [])


async def fail_beside(pushing: AbstractAsyncContextManager[None]) -> None:
    async with pushing:
        await asyncio.sleep(0.001)  # it is on its way
        raise RuntimeError("meanwhile")
