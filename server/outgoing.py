"""What leaves for one client: in order, and no more of it waiting than is allowed."""

import asyncio
from collections.abc import Awaitable, Callable

from rules.errors import TooSlow


class Outgoing:
    def __init__(self, send: Callable[[bytes], Awaitable[None]], *, most_bytes: int, within_s: float) -> None:
        self._send, self._most_bytes, self._within_s = send, most_bytes, within_s
        self._waiting_bytes = 0
        self._turn = asyncio.Lock()

    async def send(self, message: bytes) -> None:
        """Done when the server has taken the message, which it does while the client reads.

        Raises TooSlow when that takes too long, and for a message that comes on top of too many that wait.
        """
        if self._waiting_bytes and self._waiting_bytes + len(message) > self._most_bytes:
            raise TooSlow
        self._waiting_bytes += len(message)
        try:
            async with self._turn:
                await self._sent_in_time(message)
        finally:
            self._waiting_bytes -= len(message)

    async def _sent_in_time(self, message: bytes) -> None:
        try:
            async with asyncio.timeout(self._within_s):
                await self._send(message)
        except TimeoutError:
            raise TooSlow from None
