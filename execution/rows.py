"""What a schema may say of its rows, so that an executor does less for them. graphql-core makes nothing of it.

    @strawberry.type
    class Post:
        is_type_of = shape_of(rows.Post)  # known by its class, and asked no more
        id: strawberry.ID = computed(lambda post: f"post-{post.id}")  # of the row and nothing else, like an attribute

A row that many operations are given, the same object with the same content each time, may have an attribute `kept`, an
empty dict: there an executor keeps what it has made of the row, for as long as the row is there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import strawberry

KEPT_MOST = 4
"""Shapes of one row that are kept: clients choose them."""


@dataclass(frozen=True)
class OfClass:
    """The `is_type_of` of a type whose rows are the instances of one class."""

    row: type

    def __call__(self, value: object, _info: object = None) -> bool:
        return type(value) is self.row


@dataclass(frozen=True)
class Computed:
    """In the metadata of a field: the function of the row that it is."""

    function: Callable[[Any], Any]


def shape_of(row: type) -> Any:  # Any, because Strawberry takes a function
    """The `is_type_of` of a type that is a shape over these rows."""
    return OfClass(row)


def computed(function: Callable[[Any], Any], description: str | None = None) -> Any:
    """A field that `function` gives of the row, at once and for the same row always the same.

    Any, because it stands where the field's type is declared.
    """

    def resolve(root: Any) -> Any:
        return function(root)

    return strawberry.field(resolver=resolve, metadata={Computed: Computed(function)}, description=description)
