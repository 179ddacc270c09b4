"""Lists whose items' answers are kept, with all that is selected of them, and given again as they were serialised.

    @strawberry.type
    class FeedConnection:
        edges: list[FeedEdge] = stamped(edges, stamps=stamps_of)  # async def edges(items, info) -> Revealed

The items are those of the row's attribute of the same name. A stamp says all that an item's answer depends on: as long
as it is the same, the same selection with the same variables gives the same. Who resolves the field sees to it that
this holds for what is resolved beneath it, too.

Answers are kept where the context of an operation has `answers`, and then stand in its data as `orjson.Fragment`s.
Without them, and under graphql-core, such a field is like one that is declared with `together`.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import strawberry

from execution.levels import Level

Stamps = Callable[[Sequence[Any], strawberry.Info], Sequence[Hashable | None]]
"""(items, info) -> what the answer of each depends on; None where that cannot be said."""


Kept = tuple[orjson.Fragment, int]
"""An answer, and its length in bytes."""


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
        return (await resolver(getattr(root, info.python_name), info)).values

    return strawberry.field(resolver=items, metadata={Level: Stamped(resolver, stamps)}, description=description)


class Unkept(NamedTuple):
    """Items whose answers were not kept: where they stand in the response, and their keys."""

    places: list[Place]
    keys: list[Hashable | None]
    is_told: Callable[[], bool]


class KeptAnswers:
    """Answers of many operations, serialised: those that were added or given latest."""

    def __init__(self, most_bytes: int) -> None:
        self._room, self._size = most_bytes // 2, 0
        self._young: dict[Hashable, Kept] = {}
        self._old: dict[Hashable, Kept] = {}

    def get(self, keys: Sequence[Hashable]) -> list[orjson.Fragment | None]:
        """In the order of the keys; None for what is not kept."""
        kept = map(self._young.get, keys)
        return [one[0] if one is not None else self._older(key) for key, one in zip(keys, kept, strict=True)]

    def keep(self, unkept: Unkept) -> None:
        """What is complete, without error and of its stamps alone; in the response it is serialised, too."""
        if not self._room or not unkept.is_told():
            return
        for (items, at), key in zip(unkept.places, unkept.keys, strict=True):
            if key is not None and items[at] is not None:
                text = orjson.dumps(items[at])
                items[at] = kept = orjson.Fragment(text)
                self._add(key, (kept, len(text)))

    def _older(self, key: Hashable) -> orjson.Fragment | None:
        found = self._old.get(key)
        if found is None:
            return None
        self._add(key, found)
        return found[0]

    def _add(self, key: Hashable, kept: Kept) -> None:
        """What was neither added nor asked for since half of the room was filled is forgotten."""
        if self._size + kept[1] > self._room:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = kept
        self._size += kept[1]
