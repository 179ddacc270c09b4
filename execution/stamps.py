"""Lists whose items' answers are kept, with all that is selected of them, and given again as they were serialised.

    @strawberry.type
    class FeedConnection:
        edges: list[FeedEdge] = stamped(edges, stamps=stamps_of)  # async def edges(items, info) -> Revealed

The items are those of the row's attribute of the same name. A stamp says all that an item's answer depends on: as long
as it is the same, the same selection with the same variables gives the same. Who resolves the field sees to it that
this holds for what is resolved beneath it, too.

Answers are kept where the context of an operation has `answers`, and then stand in its data as `orjson.Fragment`s.
Without them, and under graphql-core, such a field is like one that is declared with `together`. graphql-core goes on in
the operation's context: where that has a method `learn`, it is given the one that was meant for what is beneath.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import strawberry

from execution.levels import Level

MOST_SELECTIONS = 200
"""In half of the room, however little was answered: a selection holds on to the plan of its document."""

Stamps = Callable[[Sequence[Any], strawberry.Info], Sequence[Hashable | None]]
"""(items, info) -> what the answer of each depends on; None where that cannot be said."""

Shelves = dict[Hashable, dict[Hashable, orjson.Fragment]]
"""Answers by what is selected, with its variables; then by the stamp."""

Place = tuple[list[Any], int]
"""A list in the response, and an index in it."""


class Revealed(NamedTuple):
    """What some items stand for, in order, and the context for what is resolved beneath them.

    `is_told`: asked when all of that is done, whether it came of the stamps alone.
    """

    values: Sequence[Any]
    context: Any  # whatever the schema's resolvers take
    is_told: Callable[[], bool]


@dataclass(frozen=True)
class Stamped(Level):
    """In the metadata of a field: what resolves its items, and what their answers depend on."""

    stamps: Stamps


def stamped(resolver: Callable[..., Awaitable[Revealed]], *, stamps: Stamps, description: str | None = None) -> Any:
    """A list of what `resolver` gives for those items whose answers are not kept.

    Any, because it stands where the field's type is declared.
    """

    async def items(root: Any, info: strawberry.Info) -> Sequence[Any]:
        revealed = await resolver(getattr(root, info.python_name), info)
        if learn := getattr(info.context, "learn", None):
            learn(revealed.context)
        return revealed.values

    return strawberry.field(resolver=items, metadata={Level: Stamped(resolver, stamps)}, description=description)


class Unkept(NamedTuple):
    """Items whose answers were not kept: of what `selection`, where they stand in the response, and their stamps."""

    selection: Hashable
    places: list[Place]
    stamps: list[Hashable | None]


class KeptAnswers:
    """Answers of many operations, serialised: those that were added or given latest. By selections and stamps."""

    def __init__(self, most_bytes: int) -> None:
        self._room, self._size = most_bytes // 2, 0
        self._young: Shelves = {}
        self._old: Shelves = {}

    def get(self, selection: Hashable, stamps: Sequence[Hashable | None]) -> list[orjson.Fragment | None]:
        """In the order of the stamps; None for what is not kept."""
        kept = list(map(self._young.get(selection, {}).get, stamps))
        if None not in kept:
            return kept
        return [one or self._older(selection, stamp) for one, stamp in zip(kept, stamps, strict=True)]

    def keep(self, unkept: Unkept) -> None:
        """What is complete, without error and of its stamps alone; in the response it is serialised, too."""
        if not self._room:
            return
        for (items, at), stamp in zip(unkept.places, unkept.stamps, strict=True):
            if stamp is not None and items[at] is not None:
                text = orjson.dumps(items[at])
                items[at] = orjson.Fragment(text)
                self._add(unkept.selection, stamp, items[at], len(text))

    def _older(self, selection: Hashable, stamp: Hashable) -> orjson.Fragment | None:
        found = self._old.get(selection, {}).get(stamp)
        if found is not None:
            self._add(selection, stamp, found, len(orjson.dumps(found)))
        return found

    def _add(self, selection: Hashable, stamp: Hashable, kept: orjson.Fragment, size: int) -> None:
        """What was neither added nor asked for since half of the room was filled is forgotten. `size`: in bytes."""
        is_new = selection not in self._young
        if self._size + size > self._room or (is_new and len(self._young) >= MOST_SELECTIONS):
            self._old, self._young, self._size = self._young, {}, 0
        self._young.setdefault(selection, {})[stamp] = kept
        self._size += size
