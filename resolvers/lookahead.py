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

MOST_KEPT = 1_000
_found: OrderedDict[tuple[int, tuple[str, ...]], tuple[FieldNode, list[FieldNode]]] = OrderedDict()
"""By the id of a field's node, and a path. The node is kept alive, as it is while its document is asked again."""


def first_of(info: Info, *path: str, default: int) -> int:
    """The largest `first` of the fields at this path beneath the one that is resolved; 0 where there is none.

    `default`: of a field that does not say. Those with other arguments, of another part of the list, do not count.
    """
    raw = info._raw_info
    node = raw.field_nodes[0]
    known = _found.get((id(node), path))
    if known is None:
        fields = list(_fields([each.selection_set for each in raw.field_nodes], path, raw.fragments))
        known = _found[id(node), path] = node, fields
        if len(_found) > MOST_KEPT:
            _found.popitem(last=False)
    return max((_first(field, info.variable_values, default) for field in known[1]), default=0)


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


def _first(node: FieldNode, variables: dict[str, Any], default: int) -> int:
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    first = given.pop("first", None)
    if given:
        return 0
    value = variables.get(first.name.value) if isinstance(first, VariableNode) else first
    if isinstance(value, IntValueNode):
        value = int(value.value)
    return value if isinstance(value, int) else default
