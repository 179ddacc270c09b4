"""Keeps the event loop responsive while very many have the same to do at the same time."""

import asyncio
from types import TracebackType


class Pace:
    """`async with pace`: at most `most` are in at once, and the loop turns before each begins.

    A semaphore alone lets everybody through in one turn of the loop where nobody inside has to wait.
    """

    def __init__(self, most: int) -> None:
        self._places = asyncio.Semaphore(most)

    async def __aenter__(self) -> None:
        await self._places.acquire()
        try:
            await asyncio.sleep(0)
        except BaseException:
            self._places.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._places.release()
