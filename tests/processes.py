"""More processes of the API over the same servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.app import create_app
from settings import Settings
from tests.world import World


@asynccontextmanager
async def another_process(settings: Settings, **changes: object) -> AsyncIterator[World]:
    """What a second API process, with other settings where given, makes of the same data."""
    asgi = create_app(settings.model_copy(update=changes))
    async with asgi.router.lifespan_context(asgi):
        yield World(asgi, asgi.state.backend)
