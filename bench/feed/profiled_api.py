"""`photofeed api` that is profiled from SIGUSR1 to SIGUSR2; its only argument is the file for what was found."""

import asyncio
import cProfile
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from unittest.mock import patch

import wiring
from server import serving
from server.app import create_app
from settings import Settings

TOLD = "profiled"


@asynccontextmanager
async def profiled(file: str, settings: Settings) -> AsyncIterator[wiring.App]:
    profile = cProfile.Profile()

    def end() -> None:
        profile.disable()
        profile.dump_stats(file)
        print(TOLD, flush=True)

    async with wiring.running(settings) as app:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, profile.enable)
        loop.add_signal_handler(signal.SIGUSR2, end)
        yield app


if __name__ == "__main__":
    with patch.object(serving, "create_app", partial(create_app, running=partial(profiled, sys.argv[1]))):
        serving.serve(Settings.model_validate({}))
