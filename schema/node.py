"""What all things with a global id share."""

from typing import Any

import strawberry
from graphql import GraphQLResolveInfo

from rules.node_ids import encode
from stores.rows import Row


@strawberry.interface(description="Anything that can be fetched again by its global id.")
class Node:
    id: strawberry.ID


def node_id(type_name: str) -> Any:  # Any, because it stands where the field's type is declared
    """The field `id`: the row's, made global."""

    def resolve(root: Any) -> strawberry.ID:
        return strawberry.ID(encode(type_name, root.id))

    return strawberry.field(resolver=resolve)


def shape_of(row: type[Row]) -> Any:
    """The `is_type_of` of a type that is a shape over these rows."""

    def is_type_of(value: object, _: GraphQLResolveInfo[Any]) -> bool:
        return type(value) is row

    return staticmethod(is_type_of)
