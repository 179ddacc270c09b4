"""A run from its beginning to its rest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from random import Random

from stores.redis.connection import cancelled
from tests.canary import changing, reading, schedule
from tests.canary.run import Run, gathered, jobs_done
from tests.canary.schedule import CLIENTS, Step
from tests.world import World

ACTIONS = {**changing.ACTIONS, **reading.ACTIONS}
LISTENERS = 6
"""Of each kind of subscription, for the whole run."""


async def carried_out(processes: Sequence[World], *, people: int, operations: int, seed: int) -> Run:
    """So many operations of so many people, by CLIENTS clients, after which all jobs are done."""
    print(f"seed {seed}")
    run, random = await gathered(processes, people), Random(seed)
    async with jobs_done(processes[0]):
        await carry_out(run, schedule.beginning(random, people))
        async with listeners(run):
            await carry_out(run, schedule.mixture(random, people, operations))
    return run


async def carry_out(run: Run, steps: Sequence[Step]) -> None:
    """Each client does its steps one after the other, at one of the processes."""

    async def act(number: int) -> None:
        process = run.processes[number % len(run.processes)]
        for step in steps:
            if step.client == number and not run.is_over:
                await ACTIONS[step.way](run, process, step)

    await asyncio.gather(*map(act, range(CLIENTS)))


@asynccontextmanager
async def listeners(run: Run) -> AsyncIterator[None]:
    """In the block, some people follow their feeds and notifications, and comments on others' posts."""
    processes, posts = cycle(run.processes), list(run.model.posts.values())
    listening = [
        asyncio.create_task(reading.listen(run, next(processes), viewer, way))
        for way in ("feed events", "notification events")
        for viewer in range(LISTENERS)
    ] + [
        asyncio.create_task(
            reading.listen(run, next(processes), (post.owner + 1) % len(run.people), "comment events", post.id)
        )
        for post in posts[:LISTENERS]
    ]
    try:
        yield
    finally:
        await cancelled(*listening)
    for one in listening:
        if not one.cancelled():
            one.result()
