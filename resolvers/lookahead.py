"""What an operation selects beneath a field, for who would rather ask for it at once."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

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

First = int | str
"""What a field says of `first`: how many, or the variable that has it."""


class Found(NamedTuple):
    """`node` is kept alive, as it is while its document is asked again. `most`: of those fields that say a number."""

    node: FieldNode
    most: int
    variables: list[str]


MOST_KEPT = 1_000
_found: OrderedDict[tuple[int, tuple[str, ...], int], Found] = OrderedDict()
"""By the id of a field's node, a path, and the default."""


def first_of(info: Info, *path: str, default: int) -> int:
    """The largest `first` of the fields at this path beneath the one that is resolved; 0 where there is none.

    `default`: of a field that does not say. Those with other arguments, of another part of the list, do not count.
    """
    raw = info._raw_info
    node = raw.field_nodes[0]
    known = _found.get((id(node), path, default))
    if known is None:
        fields = _fields([each.selection_set for each in raw.field_nodes], path, raw.fragments)
        firsts = [_first(field, default) for field in fields]
        most = max([first for first in firsts if isinstance(first, int)], default=0)
        known = Found(node, most, [first for first in firsts if isinstance(first, str)])
        _found[id(node), path, default] = known
        if len(_found) > MOST_KEPT:
            _found.popitem(last=False)
    if not known.variables:
        return known.most
    values = [info.variable_values.get(name) for name in known.variables]
    return max(known.most, *[value if isinstance(value, int) else default for value in values])


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


def _first(field: FieldNode, default: int) -> First:
    given = {argument.name.value: argument.value for argument in field.arguments or ()}
    first = given.pop("first", None)
    if given:
        return 0
    if isinstance(first, VariableNode):
        return first.name.value
    return int(first.value) if isinstance(first, IntValueNode) else default
