"""A breaker: a dependency that hangs costs a few calls their time-out, and then nothing until it is back."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from stores.errors import StoreUnavailable


class Breaker:
    """Open after `failures` failed calls in a row: then one call in `probe_every_s` tries, the others fail at once."""

    def __init__(self, name: str, *, failures: int, probe_every_s: float) -> None:
        self._name, self._most, self._probe_every_s = name, failures, probe_every_s
        self._failed = 0
        self._next_probe = 0.0

    @property
    def is_open(self) -> bool:
        return self._failed >= self._most

    @asynccontextmanager
    async def guarding(self, *failures: type[BaseException]) -> AsyncIterator[None]:
        """Let a call through, or raise `StoreUnavailable`, as which also come the exceptions named as `failures`."""
        if self.is_open:
            if time.monotonic() < self._next_probe:
                raise StoreUnavailable(f"{self._name} was down a moment ago")
            self._next_probe = time.monotonic() + self._probe_every_s
        try:
            yield
        except failures as error:
            self._failed += 1
            self._next_probe = time.monotonic() + self._probe_every_s
            raise StoreUnavailable(f"{self._name} does not answer") from error
        self._failed = 0
