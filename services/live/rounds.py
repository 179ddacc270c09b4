"""Looking after things that are followed live: when they are rung for, and now and then all of them."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import ExitStack
from functools import partial
from typing import Generic, NamedTuple, TypeVar

import structlog

from stores.errors import StoreUnavailable
from stores.postgres.database import Database
from stores.redis.wakes import Wakes

log = structlog.get_logger()

F = TypeVar("F")  # what is kept about a thing that is followed
RETRY_S = 0.5


class Tempo(NamedTuple):
    """Seconds between looks at everything, while wake-up calls arrive, and while they do not; and between any two."""

    called_s: float
    uncalled_s: float
    gather_s: float


class Rounds(Generic[F]):
    """One loop for all followed things of a kind; each look at those that are due is one call of `look`."""

    def __init__(self, database: Database, wakes: Wakes, topic: Callable[[int], str], tempo: Tempo) -> None:
        self._database, self.wakes, self._topic, self._tempo = database, wakes, topic, tempo
        self.followed: dict[int, F] = {}  # by the keys of the things
        self._closing: dict[int, ExitStack] = {}
        self._rung: set[int] = set()
        self._is_rung = asyncio.Event()

    async def look(self, keys: Collection[int]) -> None:
        """Ask the truth about things that are followed, and tell whom it concerns."""
        raise NotImplementedError

    async def run(self) -> None:
        """Look until cancelled; what could not be asked for is asked for again."""
        looked = 0.0
        while True:
            await self._rest()
            now = asyncio.get_running_loop().time()
            every_s = self._tempo.called_s if self.wakes.is_listening else self._tempo.uncalled_s
            if now - looked >= every_s:
                looked = now
                self._rung.update(self.followed)
            due, self._rung = self._rung & self.followed.keys(), set()
            if due and not await self._has_looked(due):
                self._rung |= due
                await asyncio.sleep(RETRY_S)

    def ring(self, key: int) -> None:
        """Have a thing looked at soon."""
        self._rung.add(key)
        self._is_rung.set()

    def _begin(self, key: int, kept: F) -> None:
        self.followed[key] = kept
        self._closing[key] = ExitStack()
        self._closing[key].enter_context(self.wakes.heard(self._topic(key), partial(self.ring, key)))

    def _end(self, key: int) -> None:
        del self.followed[key]
        self._closing.pop(key).close()

    async def _rest(self) -> None:
        """Until something is rung for, `uncalled_s` at most. What comes close together is looked at together."""
        try:
            async with asyncio.timeout(self._tempo.uncalled_s):
                await self._is_rung.wait()
                await asyncio.sleep(self._tempo.gather_s)
        except TimeoutError:
            pass
        self._is_rung.clear()

    async def _has_looked(self, keys: Collection[int]) -> bool:
        try:
            await self.look(keys)
        except StoreUnavailable as error:
            log.info("live_look_failed", reason=str(error))
        except Exception:
            log.exception("live_look_failed")
        else:
            return True
        return False
