"""Fields whose answers are kept, with all that is selected beneath them, and given again as they were serialised.

    @strawberry.type
    class FeedEdge:
        node: Post = stamped(posts, stamp=stamp_of)  # async def posts(roots: Sequence[FeedEdge], info) -> Revealed

A stamp says all that a row's answer depends on: as long as it is the same, the same selection with the same variables
gives the same. Who resolves the field sees to it that this holds for what is resolved beneath it, too.

Answers are kept where the context of an operation has `answers`, and then stand in its data as `orjson.Fragment`s.
Without them, and under graphql-core, such a field is like one that is declared with `together`.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import strawberry

from execution.levels import Level, alone

Stamp = Callable[[Any], Hashable | None]
"""(row) -> what its answer depends on; None where that cannot be said."""


class Revealed(NamedTuple):
    """Of some rows: their values, in order, and the context for what is resolved beneath them.

    `is_told`: asked when all of that is done, whether it came of the stamps alone.
    """

    values: Sequence[Any]
    context: Any  # whatever the schema's resolvers take
    is_told: Callable[[], bool]


@dataclass(frozen=True)
class Stamped(Level):
    """In the metadata of a field: what resolves it, and what its answers depend on."""

    stamp: Stamp


def stamped(resolver: Callable[..., Awaitable[Revealed]], *, stamp: Stamp, description: str | None = None) -> Any:
    """A field that `resolver` answers for all rows of a level whose answers are not kept.

    Any, because it stands where the field's type is declared.
    """

    async def values(roots: Sequence[Any], info: strawberry.Info) -> Sequence[Any]:
        return (await resolver(roots, info)).values

    return strawberry.field(resolver=alone(values), metadata={Level: Stamped(resolver, stamp)}, description=description)


class Unkept(NamedTuple):
    """What became of rows whose answers were not kept, in the response's objects `outs`; `keys`: to keep them under."""

    field_key: str
    outs: list[dict[str, Any]]
    keys: list[Hashable | None]
    is_told: Callable[[], bool]


class KeptAnswers:
    """Answers of many operations, serialised: those that were added or given latest."""

    def __init__(self, most_bytes: int) -> None:
        self._room, self._size = most_bytes // 2, 0
        self._young: dict[Hashable, tuple[orjson.Fragment, int]] = {}
        self._old: dict[Hashable, tuple[orjson.Fragment, int]] = {}

    def get(self, key: Hashable) -> orjson.Fragment | None:
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                return None
            self._add(key, found)
        return found[0]

    def keep(self, unkept: Unkept) -> None:
        """What is complete, without error and of its stamps alone; in the response it is serialised, too."""
        field_key = unkept.field_key
        if not self._room or not unkept.is_told():
            return
        for out, key in zip(unkept.outs, unkept.keys, strict=True):
            if key is not None and out[field_key] is not None:
                text = orjson.dumps(out[field_key])
                kept = orjson.Fragment(text), len(text)
                self._add(key, kept)
                out[field_key] = kept[0]

    def _add(self, key: Hashable, kept: tuple[orjson.Fragment, int]) -> None:
        """What was neither added nor asked for since half of the room was filled is forgotten."""
        if self._size + kept[1] > self._room:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = kept
        self._size += kept[1]
