"""Work that a read found to be due: done soon after, in the background; left undone where there is too much."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from stores.errors import StoreUnavailable

log = structlog.get_logger()

Work = Callable[[], Awaitable[None]]


class Upkeep:
    """At most `waiting_most` pieces of work wait, one for each key; nothing depends on their being done."""

    def __init__(self, *, waiting_most: int) -> None:
        self._waiting: asyncio.Queue[tuple[object, Work]] = asyncio.Queue(waiting_most)
        self._keys: set[object] = set()

    def ask(self, key: object, work: Work) -> None:
        if key not in self._keys and not self._waiting.full():
            self._keys.add(key)
            self._waiting.put_nowait((key, work))

    async def run(self) -> None:
        """Do what is asked for, one after the other, until cancelled."""
        while True:
            key, work = await self._waiting.get()
            self._keys.discard(key)
            try:
                await work()
            except StoreUnavailable as error:
                log.info("upkeep_skipped", reason=str(error))
            except Exception:
                log.exception("upkeep_failed", work=key)
            finally:
                self._waiting.task_done()

    async def done(self) -> None:
        """Wait until nothing is waiting."""
        await self._waiting.join()
