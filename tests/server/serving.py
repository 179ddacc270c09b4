"""An app on a real port, in the loop of the test."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import uvicorn
from starlette.applications import Starlette

from server.listening import bound
from server.serving import Server
from server.serving import server as production_server
from settings import Settings


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """By a plain uvicorn. Gives the address, without a slash at its end."""
    async with _running(uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def serving_as_in_production(app: Starlette, settings: Settings) -> AsyncIterator[tuple[str, Server]]:
    """By the server that `photofeed serve` runs, in the loop that the tests have."""
    runs = production_server(app, settings)
    async with _running(runs, stalled_s=settings.stalled_s) as port:
        yield f"http://127.0.0.1:{port}", runs


@asynccontextmanager
async def _running(runs: uvicorn.Server, *, stalled_s: int = 30) -> AsyncIterator[int]:
    """Gives the port."""
    runs.capture_signals = nullcontext  # type: ignore[assignment,method-assign]  # they stay with pytest
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bound(listener, stalled_s=stalled_s)
        port = listener.getsockname()[1]
        task = asyncio.create_task(runs.serve([listener]))
        while not runs.started and not task.done():  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield port
        finally:
            runs.should_exit = True
            await task
