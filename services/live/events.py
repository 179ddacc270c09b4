"""What subscribers are told, and where it waits for them."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from rules.errors import TooSlow

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Event:
    """Something that happened to a thing, one object for all whom it concerns in this process.

    `position`: its place in its stream. `viewer_ids`: of those whom it concerns who are signed in.
    """

    position: int
    thing_id: int
    viewer_ids: frozenset[int]


class Waiting(Generic[T]):
    """The events that wait for one subscriber, in their order."""

    def __init__(self, most: int) -> None:
        """`most`: when more than these wait, the subscriber gets none of them, but `TooSlow`."""
        self._events: deque[T] = deque()
        self._most = most
        self._is_overfull = False
        self._woken = asyncio.Event()

    def put(self, event: T) -> None:
        if len(self._events) >= self._most:
            self._is_overfull = True
            self._events.clear()
        if not self._is_overfull:
            self._events.append(event)
        self._woken.set()

    async def get(self) -> T:
        """The next event, waited for where there is none."""
        while not self._events:
            if self._is_overfull:
                raise TooSlow
            self._woken.clear()
            await self._woken.wait()
        return self._events.popleft()
