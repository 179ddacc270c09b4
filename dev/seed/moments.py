"""When invented things happened: the same for the same seed, whenever it is sown, and long before what is to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from stores.ids import EPOCH_MS, floor_of

DAY_MS = 24 * 3600 * 1000
_EPOCH = datetime.fromtimestamp(EPOCH_MS / 1000, UTC)


@dataclass(frozen=True)
class Period:
    """Of Unix milliseconds, from `start` up to `end`."""

    start: int
    end: int

    def moments(self, rng: Random, count: int) -> Iterator[int]:
        """Spread evenly but for some chance, strictly ascending."""
        step = (self.end - self.start) // max(1, count)
        for number in range(count):
            yield self.start + number * step + rng.randrange(step)

    def some(self, rng: Random, count: int) -> list[int]:
        """Strictly ascending, anywhere."""
        return sorted(rng.sample(range(self.start, self.end), count))


JOINING = Period(EPOCH_MS, EPOCH_MS + 30 * DAY_MS)
FOLLOWING = Period(JOINING.end, EPOCH_MS + 365 * DAY_MS)
POSTING = FOLLOWING


def id_at(moment: int, lane: int = 0) -> int:
    """An id of that millisecond; `lane`, of 2**23, tells apart what has one moment in common."""
    return floor_of(moment) | lane


def time_at(moment: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=moment - EPOCH_MS)
