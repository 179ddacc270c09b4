"""What commands share: settings from the environment, and an application that is connected while they run."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from services.deps import Deps
    from settings import Settings

T = TypeVar("T")


class CannotDo(Exception):
    """Its text says what is asked for in vain, and why."""


def read_settings() -> "Settings":
    """From the environment; a ValidationError names each variable that is missing or wrong."""
    from settings import Settings

    return Settings.model_validate({})


def run(work: "Callable[[Deps], Awaitable[T]]") -> T:
    """Do something with everything connected; jobs that it announces are enqueued before the end."""
    import wiring
    from server import logs

    settings = read_settings()
    logs.configure(settings.log_format)

    async def working() -> T:
        async with wiring.running(settings) as app:
            return await work(app.deps)

    return asyncio.run(working())
