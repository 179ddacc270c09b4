"""Which completer a type needs."""

from functools import partial
from typing import TYPE_CHECKING

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
)

from execution.completing import Completer, LeafCompleter, ListCompleter
from execution.objects import AbstractCompleter, ObjectCompleter

if TYPE_CHECKING:
    from execution.plan import Field


def completer_of(field: "Field", type_: GraphQLOutputType, above: int) -> Completer:
    """For the place of this type below a place with climb `above`."""
    kind = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(kind, GraphQLList):
        return ListCompleter(field, type_, above, partial(completer_of, field, kind.of_type))
    if isinstance(kind, GraphQLObjectType):
        return ObjectCompleter(field, type_, above, kind)
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        return AbstractCompleter(field, type_, above, kind)
    return LeafCompleter(field, type_, above, kind)
