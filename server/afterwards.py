"""What is noted of requests, noted for many in a row, a moment after their answers.

After each answer by itself they would take several times as much: the processor's caches hold other code then.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context

import structlog

MOMENT_S = 0.1

log = structlog.get_logger()


class Afterwards:
    """Notes that wait for their turn, in order; each is taken in the context in which it was asked for."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Context, Callable[[], None]]] = []

    def call(self, note: Callable[[], None]) -> None:
        """Within MOMENT_S, or with the next `flush`."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(MOMENT_S, self.flush)
        self._waiting.append((copy_context(), note))

    def flush(self) -> None:
        """All that wait, now."""
        waiting, self._waiting = self._waiting, []
        for context, note in waiting:
            try:
                context.run(note)
            except Exception:
                context.run(log.exception, "note_failed")
