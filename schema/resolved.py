"""How a type of the schema names the resolver of a field."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import strawberry


def followed(resolver: Callable[..., AsyncGenerator[object, None]], description: str | None = None) -> Any:
    """A field of `Subscription`, whose events `resolver` yields; otherwise as `resolved`."""
    return strawberry.subscription(resolver=resolver, description=description)


def resolved(resolver: Callable[..., object], description: str | None = None) -> Any:
    """A field that `resolver` answers with a row, a page or a result; the annotation says which type is its shape.

    Any, because it stands where the field's type is declared.
    """
    return strawberry.field(resolver=resolver, description=description)
