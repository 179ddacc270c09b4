"""Fields that are resolved for all rows of a level at once.

    @strawberry.type
    class Post:
        comments: CommentConnection = together(comments)  # async def comments(roots: Sequence[Post], info, first=None)

Under graphql-core each row is a level of its own.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, isawaitable, iscoroutinefunction, signature
from typing import Any

import strawberry

Together = Callable[..., Sequence[Any] | Awaitable[Sequence[Any]]]
"""(roots, info, **arguments) -> a value for each of the roots, in their order. An exception counts as raised there."""


@dataclass(frozen=True)
class Level:
    """In the metadata of a field: what resolves it."""

    resolver: Together


def together(resolver: Together, description: str | None = None) -> Any:
    """A field that `resolver` answers for all rows that it is asked of.

    Any, because it stands where the field's type is declared.
    """
    return strawberry.field(resolver=alone(resolver), metadata={Level: Level(resolver)}, description=description)


def alone(resolver: Together) -> Callable[..., Any]:
    """As graphql-core resolves it: for each row a level of its own."""
    resolve = _awaited(resolver) if iscoroutinefunction(resolver) else _alone(resolver)
    shown = signature(resolver)
    roots, *others = shown.parameters.values()
    root = roots.replace(name="root", annotation=Parameter.empty)
    resolve.__signature__ = shown.replace(parameters=[root, *others])  # type: ignore[attr-defined]  # what Strawberry reads
    return resolve


def values_for(roots: Sequence[Any], answered: Any) -> list[Any]:
    """What a resolver has given, one value for each root: where it has raised or gone wrong, that."""
    if isinstance(answered, Exception):
        return [answered] * len(roots)
    values = list(answered)
    if len(values) != len(roots):
        return [TypeError(f"{len(values)} values for {len(roots)} rows")] * len(roots)
    return values


def _alone(resolver: Together) -> Callable[..., Any]:
    @wraps(resolver)
    def resolve(root: Any, info: strawberry.Info, **given: Any) -> Any:
        answered = resolver([root], info, **given)
        return _when_awaited(root, answered) if isawaitable(answered) else _only(values_for([root], answered))

    return resolve


async def _when_awaited(root: Any, answered: Awaitable[Sequence[Any]]) -> Any:
    return _only(values_for([root], await answered))


def _awaited(resolver: Any) -> Callable[..., Any]:
    @wraps(resolver)
    async def resolve(root: Any, info: strawberry.Info, **given: Any) -> Any:
        return await _when_awaited(root, resolver([root], info, **given))

    return resolve


def _only(values: list[Any]) -> Any:
    [value] = values
    if isinstance(value, Exception):
        raise value
    return value
