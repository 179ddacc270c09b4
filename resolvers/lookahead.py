"""What an operation selects beneath a field, for who would rather ask for it at once."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    SelectionSetNode,
    VariableNode,
)

from resolvers.context import Info

First = int | str | None
"""What a field says of `first`: how many, or the variable that has it; None where it says nothing."""

MOST_KEPT = 1_000
_found: OrderedDict[tuple[int, tuple[str, ...]], tuple[FieldNode, list[First]]] = OrderedDict()
"""By the id of a field's node, and a path. The node is kept alive, as it is while its document is asked again."""


def first_of(info: Info, *path: str, default: int) -> int:
    """The largest `first` of the fields at this path beneath the one that is resolved; 0 where there is none.

    `default`: of a field that does not say. Those with other arguments, of another part of the list, do not count.
    """
    raw = info._raw_info
    node = raw.field_nodes[0]
    known = _found.get((id(node), path))
    if known is None:
        fields = _fields([each.selection_set for each in raw.field_nodes], path, raw.fragments)
        known = _found[id(node), path] = node, [_first(field) for field in fields]
        if len(_found) > MOST_KEPT:
            _found.popitem(last=False)
    variables = info.variable_values
    return max([_number(first, variables, default) for first in known[1]], default=0)


def _fields(
    sets: Iterable[SelectionSetNode | None], path: tuple[str, ...], fragments: dict[str, FragmentDefinitionNode]
) -> Iterator[FieldNode]:
    name, *rest = path
    for node in _selected(sets, fragments):
        if node.name.value == name and rest:
            yield from _fields([node.selection_set], tuple(rest), fragments)
        elif node.name.value == name:
            yield node


def _selected(
    sets: Iterable[SelectionSetNode | None], fragments: dict[str, FragmentDefinitionNode]
) -> Iterator[FieldNode]:
    for selection in (each for found in sets if found is not None for each in found.selections):
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, FragmentSpreadNode):
            yield from _selected([fragments[selection.name.value].selection_set], fragments)
        elif isinstance(selection, InlineFragmentNode):
            yield from _selected([selection.selection_set], fragments)


def _first(field: FieldNode) -> First:
    given = {argument.name.value: argument.value for argument in field.arguments or ()}
    first = given.pop("first", None)
    if given:
        return 0
    if isinstance(first, VariableNode):
        return first.name.value
    return int(first.value) if isinstance(first, IntValueNode) else None


def _number(first: First, variables: dict[str, Any], default: int) -> int:
    value = variables.get(first) if isinstance(first, str) else first
    return value if isinstance(value, int) else default
