"""A real HTTP server in the tests' own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import uvicorn
from starlette.applications import Starlette


@asynccontextmanager
async def served(asgi: Starlette) -> AsyncIterator[str]:
    """The address of a server on a free port of loopback, which runs the app's lifespan too."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(asgi, log_config=None, ws="none", timeout_graceful_shutdown=5))
        server.capture_signals = nullcontext  # type: ignore[assignment,method-assign]  # they stay with pytest
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110  # uvicorn tells nobody
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving
