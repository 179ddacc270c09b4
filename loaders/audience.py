"""The audience of an event: whoever is told of it asks for much the same, so each question is asked once for all.

However many they are, and however their turns are spread, an event costs as many statements as one operation does.
"""

import asyncio
from collections.abc import Collection, Hashable, Iterable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from execution.loader import Loader, Loaders, Values
from loaders.scope import Pair, Scope, ViewerLoader
from stores.postgres.database import Database

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
PAIRS_MOST = 20_000
"""Viewers times keys that are asked for in one statement, 0.1 s of Postgres. Beyond it each viewer asks for himself."""


class ForAll(Loader[Scope, Pair[K], V]):
    """One question for an audience: what one viewer asks of a key is asked for all of them, before they do."""

    def __init__(
        self, loaders: Loaders[Scope], question: type[ViewerLoader[K, V]], viewer_ids: Collection[int]
    ) -> None:
        super().__init__(loaders)
        self._question, self._viewer_ids = question, viewer_ids
        self._asked: set[K] = set()

    def load_many(self, keys: Iterable[Pair[K]]) -> Values[Pair[K], V]:  # type: ignore[override]  # as in Loader
        pairs = list(keys)
        new = {key for _, key in pairs} - self._asked
        if new and len(new) * len(self._viewer_ids) <= PAIRS_MOST:
            self._asked |= new
            super().load_many((viewer_id, key) for key in new for viewer_id in self._viewer_ids)
        return super().load_many(pairs)

    async def batch_load_fn(self, keys: list[Pair[K]]) -> list[V]:
        return await self.scope.database.ask(self._question.answers, keys)


class Audience:
    """The viewers who are told of one event, and what they have asked so far."""

    def __init__(self, database: Database, viewer_ids: Collection[int]) -> None:
        self.since = asyncio.get_running_loop().time()
        self.shared = Loaders(Scope(database, None))
        self._database, self._viewer_ids = database, viewer_ids
        self._questions: dict[type, Any] = {}  # Any: a loader of the question that is its key

    def asking(self, question: type[ViewerLoader[K, V]]) -> Loader[Scope, Pair[K], V]:
        found: Loader[Scope, Pair[K], V] | None = self._questions.get(question)
        if found is None:
            found = self._questions[question] = ForAll(self.shared, question, self._viewer_ids)
        return found

    def loaders(self, viewer_id: int | None) -> Loaders[Scope]:
        """The loaders of one of its viewers, for one execution."""
        return Loaders(Scope(self._database, viewer_id, self))


class Audiences:
    """The audiences of events. What one viewer was answered is answered to others for at most `lasts_s`."""

    def __init__(self, database: Database, *, lasts_s: float) -> None:
        self._database, self._lasts_s = database, lasts_s
        self._known: WeakKeyDictionary[object, Audience] = WeakKeyDictionary()

    def of(self, event: object, viewer_ids: Collection[int]) -> Audience:
        """The audience of an event, which that is an object of its own for; a new one where the last is too old."""
        known = self._known.get(event)
        if known is None or asyncio.get_running_loop().time() - known.since > self._lasts_s:
            known = self._known[event] = Audience(self._database, viewer_ids)
        return known
