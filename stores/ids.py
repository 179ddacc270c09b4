"""64-bit ids, ordered by time, made without asking anyone: milliseconds, shard, sequence (Instagram's layout).

63        23 22     10 9       0
milliseconds | shard   | sequence
"""

import time
from collections.abc import Awaitable, Callable

EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
SHARD_BITS, SEQUENCE_BITS = 13, 10
MOST = 2**63 - 1
SHARDS, SEQUENCES = 1 << SHARD_BITS, 1 << SEQUENCE_BITS


def floor_of(moment_ms: int, shard: int = 0) -> int:
    """The smallest id of a shard at a moment, in Unix milliseconds."""
    return (moment_ms - EPOCH_MS) << (SHARD_BITS + SEQUENCE_BITS) | shard << SEQUENCE_BITS


def moment_of(id_: int) -> int:
    """When an id was made, in Unix milliseconds."""
    return (id_ >> (SHARD_BITS + SEQUENCE_BITS)) + EPOCH_MS


class IdMint:
    """Mints the ids of one process. Strictly ascending within it, unique among all.

    The shard number is asked for at the first id, and never again. As every start takes a new one, a clock that was set
    back between two runs repeats nothing; one that steps back in mid-run is waited out by counting on from the last id.
    """

    def __init__(self, take_shard: Callable[[], Awaitable[int]], clock_ms: Callable[[], int] | None = None) -> None:
        self._take_shard = take_shard
        self._clock_ms = clock_ms or (lambda: time.time_ns() // 1_000_000)
        self._shard: int | None = None
        self._moment_ms = 0
        self._sequence = 0

    async def mint(self) -> int:
        if self._shard is None:
            self._shard = await self._take_shard() % SHARDS
        return self._next(self._shard)

    def _next(self, shard: int) -> int:
        now = self._clock_ms()
        if now > self._moment_ms:
            self._moment_ms, self._sequence = now, 0
        elif self._sequence + 1 < SEQUENCES:
            self._sequence += 1
        else:
            self._moment_ms, self._sequence = self._moment_ms + 1, 0
        return floor_of(self._moment_ms, shard) | self._sequence
