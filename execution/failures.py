"""Errors of fields, and the nulls that they leave.

What cannot be given stands in the response as a `Failed`, until `settle` walks over the response at the end of a burst
(all that runs without waiting). It meets them in the order of the response, which is the order in which graphql-core
would have met them, and does as graphql-core does: the error is located where it stands, the nearest place above that
may be null is null, and what came after it there is not looked at.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from graphql import FieldNode, GraphQLError, located_error


class Place(NamedTuple):
    """A place of the operation where a value stands: a field, or an item of its list."""

    nodes: list[FieldNode]
    climb: int
    """How far above is the nearest place that may be null: 0 is the place itself, 1 its object or list."""


class Failed:
    """Stands where there is no value."""

    __slots__ = ("error", "place")

    def __init__(self, error: Exception, place: Place) -> None:
        self.error, self.place = error, place


class Entrusted:
    """Stands where graphql-core is completing the value; once `done`, with what it made of it."""

    __slots__ = ("completer", "done", "error", "errors", "result", "value")

    def __init__(self, value: Any, completer: Any) -> None:  # Any: what a resolver or an attribute gave
        self.value, self.completer = value, completer
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None
        self.errors: list[GraphQLError] = []


class Raised(NamedTuple):
    """An error on its way up to the place that becomes null."""

    error: GraphQLError
    climb: int


def settle(node: dict[str, Any] | list[Any], path: list[str | int], errors: list[GraphQLError]) -> Raised | None:
    """Put nulls for the failures below `node`, which stands at `path`, and their errors into `errors`.

    What it returns, `node` could not hold back.
    """
    items: Iterable[tuple[str | int, Any]] = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        raised = None
        if type(value) is dict or type(value) is list:
            path.append(key)
            raised = settle(value, path, errors)
            path.pop()
        elif type(value) is Failed:
            raised = _raised(value.error, value.place, [*path, key])
        elif type(value) is Entrusted and value.done:
            errors += value.errors
            node[key] = value.result  # type: ignore[index]  # the key is of the node
            if value.error is not None:
                raised = _raised(value.error, value.completer.place, [*path, key])
        if raised is not None:
            if raised.climb:
                return Raised(raised.error, raised.climb - 1)
            errors.append(raised.error)
            node[key] = None  # type: ignore[index]
    return None


def _raised(error: Exception, place: Place, path: list[str | int]) -> Raised:
    return Raised(located_error(error, place.nodes, path), place.climb)
