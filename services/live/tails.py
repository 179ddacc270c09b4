"""Tails: what comes at the end of streams in Postgres, read once for all in this process who follow them.

In each stream rows become visible in the order of their positions. So whoever has read up to a position has missed
nothing below it, and a subscriber is told everything once: what lies between his cursor and the tail he reads himself,
and the tail tells him the rest.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from services.live.events import Event
from services.live.rounds import Rounds, Tempo
from stores.postgres.database import Database
from stores.postgres.live import Happening
from stores.redis.wakes import Wakes

TOLD_AT_ONCE = 20
LOOK_MOST = 500
"""Rows of each stream that one look takes."""

Viewers = Collection[int | None]
"""Of the subscribers of a stream; None: who is signed out."""


Put = Callable[[Event], None]


class Source(NamedTuple):
    """A kind of streams: one for each key."""

    topic: Callable[[int], str]
    head: Callable[[AsyncConnection, int], Awaitable[int]]
    """The highest position in the stream of a key."""
    after: Callable[[AsyncConnection, Mapping[int, int], int], Awaitable[Sequence[Happening]]]
    """Of each key, the lowest so many rows above its position, ascending."""
    concerned: Callable[[AsyncConnection, Sequence[Happening], Viewers], Awaitable[Sequence[Viewers]]]
    """Whom of these viewers each row concerns."""


@dataclass(slots=True, eq=False)
class Seat:
    """A subscriber's place at a tail: he is told what lies above `position`."""

    put: Put
    position: int

    def tell(self, event: Event) -> None:
        if event.position > self.position:
            self.position = event.position
            self.put(event)


@dataclass(slots=True)
class Tail:
    """Read up to `position`."""

    position: int
    seats: dict[int | None, set[Seat]] = field(default_factory=dict)


class Gap(NamedTuple):
    """The rows above `after`, up to and including `upto`."""

    after: int
    upto: int


class Tails(Rounds[Tail]):
    """The tails of one kind of streams. One is there as long as it has subscribers."""

    def __init__(self, database: Database, wakes: Wakes, source: Source, tempo: Tempo) -> None:
        super().__init__(database, wakes, source.topic, tempo)
        self.source = source

    @asynccontextmanager
    async def joined(self, key: int, viewer_id: int | None, put: Put, after: int | None) -> AsyncIterator[Gap]:
        """In the block, `put` gets what comes for a subscriber; what lies in the gap, he has to read himself first.

        `after`: the position that he knows of; None: he goes on from this moment.
        """
        if after is None or key not in self.followed:
            async with self._database.read() as connection:
                head = await self.source.head(connection, key)
            after = head if after is None else after
        if key not in self.followed:
            self._begin(key, Tail(head))
        tail = self.followed[key]
        seat = Seat(put, max(after, tail.position))
        tail.seats.setdefault(viewer_id, set()).add(seat)
        try:
            yield Gap(after, tail.position)
        finally:
            self._leave(key, viewer_id, seat)

    async def look(self, keys: Collection[int]) -> None:
        """Read on, and tell subscribers."""
        tails = {key: self.followed[key] for key in keys}
        positions = {key: tail.position for key, tail in tails.items()}
        async with self._database.read() as connection:
            found = await self.source.after(connection, positions, LOOK_MOST)
            # Whoever joins from here on reads these rows himself.
            for row in found:
                tails[row.key].position = row.position
            try:
                concerned = await self._concerned(connection, found, tails)
            except BaseException:
                for key, position in positions.items():
                    tails[key].position = position
                raise
        for row, viewers in zip(found, concerned, strict=True):
            await _tell(tails[row.key], row, viewers)
        if len(found) >= LOOK_MOST:
            for key in {row.key for row in found}:
                self.ring(key)

    async def _concerned(
        self, connection: AsyncConnection, found: Sequence[Happening], tails: Mapping[int, Tail]
    ) -> Sequence[Viewers]:
        viewers = {viewer_id for key in {row.key for row in found} for viewer_id in tails[key].seats}
        return await self.source.concerned(connection, found, viewers) if found else []

    def _leave(self, key: int, viewer_id: int | None, seat: Seat) -> None:
        tail = self.followed[key]
        tail.seats[viewer_id].discard(seat)
        if not tail.seats[viewer_id]:
            del tail.seats[viewer_id]
        if not tail.seats:
            self._end(key)


async def everybody(_: AsyncConnection, found: Sequence[Happening], viewers: Viewers) -> Sequence[Viewers]:
    """Each row concerns all who follow its stream."""
    return [viewers] * len(found)


async def _tell(tail: Tail, row: Happening, viewers: Viewers) -> None:
    """Wakes some subscribers in each turn of the event loop, so that it has turns for others."""
    told = [viewer_id for viewer_id in viewers if viewer_id in tail.seats]
    event = Event(row.position, row.thing_id, frozenset(viewer_id for viewer_id in told if viewer_id is not None))
    for number, viewer_id in enumerate(told, 1):
        for seat in tail.seats.get(viewer_id, ()):
            seat.tell(event)
        if number % TOLD_AT_ONCE == 0:
            await asyncio.sleep(0)
