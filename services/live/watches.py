"""Watches: posts that subscribers want to know of whenever they change. Many changes at once are one."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.live import topics
from services.live.events import Event
from services.live.rounds import Rounds, Tempo
from stores.postgres import posts
from stores.postgres.database import Database
from stores.redis.wakes import Wakes

_NEVER_SEEN = object()


class Latest:
    """The latest event, of those that a subscriber has not taken."""

    def __init__(self, viewer_id: int | None) -> None:
        self.viewer_id = viewer_id
        self._event: Event | None = None
        self._woken = asyncio.Event()

    def put(self, event: Event) -> None:
        self._event = event
        self._woken.set()

    async def get(self) -> Event:
        while (event := self._event) is None:
            await self._woken.wait()
        self._event = None
        self._woken.clear()
        return event


@dataclass(slots=True)
class Watched:
    """`row`: the post as it was seen last; None where it is gone."""

    row: object = _NEVER_SEEN
    watching: set[Latest] = field(default_factory=set)


class Watches(Rounds[Watched]):
    def __init__(self, database: Database, wakes: Wakes, tempo: Tempo) -> None:
        super().__init__(database, wakes, topics.post, tempo)

    @asynccontextmanager
    async def joined(self, post_id: int, viewer_id: int | None) -> AsyncIterator[Latest]:
        """In the block, have a subscriber told of changes of a post. The first event stands for how it is now."""
        if post_id not in self.followed:
            self._begin(post_id, Watched())
        watched, latest = self.followed[post_id], Latest(viewer_id)
        watched.watching.add(latest)
        latest.put(_event(post_id, [latest]))
        try:
            yield latest
        finally:
            watched.watching.discard(latest)
            if not watched.watching:
                self._end(post_id)

    async def look(self, keys: Collection[int]) -> None:
        """Tell of those posts that have changed."""
        async with self._database.read() as connection:
            found = {row.id: row for row in await posts.by_ids(connection, list(keys))}
        for post_id in self.followed.keys() & keys:
            watched, row = self.followed[post_id], found.get(post_id)
            if watched.row != row:
                watched.row, event = row, _event(post_id, watched.watching)
                for latest in watched.watching:
                    latest.put(event)


def _event(post_id: int, told: Collection[Latest]) -> Event:
    """Changes of a post have no places: only the latest counts."""
    return Event(0, post_id, frozenset(latest.viewer_id for latest in told if latest.viewer_id is not None))
