"""Edges: fields that a loader answers, declared with their loader and key, so that an executor can batch a whole level.

    @strawberry.type
    class Post:
        author: User = edge(UserById, key="author_id")  # the row's attribute is the key
        mentions: list[User] = edge(UserById, keys="mention_ids")  # or a list of keys; what is not found is left out

Under graphql-core an edge is an ordinary resolver that asks `info.context.loaders[loader]`.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import strawberry

from execution.loader import Loader


@dataclass(frozen=True)
class Edge:
    """In the metadata of a field: which loader, and its key (or keys, when `many`) in the row."""

    loader: type[Loader[Any, Any, Any]]
    key: Callable[[Any], Hashable | Sequence[Hashable] | None]
    many: bool = False


def edge(
    loader: type[Loader[Any, Any, Any]],
    *,
    key: str | None = None,
    keys: str | None = None,
    description: str | None = None,
) -> Any:  # Any, because it stands where the field's type is declared
    """A field whose value `loader` gives for the row's attribute `key`, null where that is None; a list for `keys`."""
    declared = Edge(loader, attrgetter(key or keys or ""), many=keys is not None)
    return strawberry.field(
        resolver=_many(declared) if declared.many else _one(declared),
        metadata={Edge: declared},
        description=description,
    )


def _one(declared: Edge) -> Callable[[Any, strawberry.Info], Any]:
    def resolve(root: Any, info: strawberry.Info) -> Any:
        key = declared.key(root)
        return None if key is None else info.context.loaders[declared.loader].load(key)

    return resolve


def _many(declared: Edge) -> Callable[[Any, strawberry.Info], Any]:
    def resolve(root: Any, info: strawberry.Info) -> Any:
        return _found(info.context.loaders[declared.loader].load_many(declared.key(root)))

    return resolve


async def _found(values: Awaitable[list[Any]]) -> list[Any]:
    return [value for value in await values if value is not None]
