"""`photofeed api` whose event loop is watched: at SIGUSR1 it prints for how long it was blocked since the last one.

Each sleep of `tests.watched_api` gives a figure: milliseconds, without waiting for a core.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from unittest.mock import patch

import wiring
from server import serving
from server.app import create_app
from settings import Settings
from stores.redis.connection import cancelled
from tests.watched_api import watch

TOLD = "blocked "


@asynccontextmanager
async def watched(settings: Settings) -> AsyncIterator[wiring.App]:
    blocked_s: list[float] = []

    def tell() -> None:
        print(TOLD + json.dumps([max(0.0, round(1_000 * seconds, 2)) for seconds in blocked_s]), flush=True)
        blocked_s.clear()

    async with wiring.running(settings) as app:
        watching = asyncio.create_task(watch(blocked_s))
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, tell)
        yield app
        await cancelled(watching)


if __name__ == "__main__":
    with patch.object(serving, "create_app", partial(create_app, running=watched)):
        serving.serve(Settings.model_validate({}))
