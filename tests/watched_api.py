"""`photofeed api` whose event loop is watched: once stopped, it prints for how long it was blocked, in milliseconds.

A task sleeps again and again for a moment, and notes by how much it slept too long. Of that, the time is taken off for
which the thread was ready to run and had no core (/proc/thread-self/schedstat): on a busy machine that is most of it,
and no fault of ours. What is left is what blocks: computing, or waiting for a file.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import wiring
from server import serving
from server.app import create_app
from settings import Settings

PAUSE_S = 0.005
SCHEDSTAT = Path("/proc/thread-self/schedstat")


async def watch(blocked_s: list[float]) -> None:
    """Until cancelled."""
    while True:
        began, waited_s = perf_counter(), waited_for_a_core_s()
        await asyncio.sleep(PAUSE_S)
        blocked_s.append(perf_counter() - began - PAUSE_S - (waited_for_a_core_s() - waited_s))


def waited_for_a_core_s() -> float:
    """This thread, since it began."""
    return int(SCHEDSTAT.read_text().split()[1]) / 1e9 if SCHEDSTAT.exists() else 0.0


@asynccontextmanager
async def watched(settings: Settings) -> AsyncIterator[wiring.App]:
    blocked_s: list[float] = []
    async with wiring.running(settings) as app:
        watching = asyncio.create_task(watch(blocked_s))
        yield app
        watching.cancel()
    print(json.dumps([round(1_000 * seconds, 1) for seconds in blocked_s]), flush=True)


if __name__ == "__main__":
    with patch.object(serving, "create_app", partial(create_app, running=watched)):
        serving.serve(Settings.model_validate({}))
