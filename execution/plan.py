"""What an operation asks for, prepared once: shapes (the fields selected of an object type) and their fields."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    Node,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from graphql.type import GraphQLSchema
from strawberry.types.field import StrawberryField

from execution.completers import completer_of
from execution.completing import Completer, LeafCompleter
from execution.fetching import Fetch, fetch_of, has_more_to_it
from execution.levels import Level
from execution.projection import Out, Project, Rows, bear_kept, compiled, from_kept
from execution.rows import Computed
from execution.running import Run
from execution.stamps import Stamped

Grouped = dict[str, list[FieldDetails]]


class Selected(NamedTuple):
    """What fields are collected from. Of the variables, only those that decide about @skip and @include."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    conditions: VariableValues


class Field:
    """A field at one position of the operation."""

    def __init__(
        self, selected: Selected, key: str, details: list[FieldDetails], parent: "Shape", definition: GraphQLField
    ) -> None:
        self.selected, self.key, self.details, self.definition = selected, key, details, definition
        self.nodes: list[FieldNode] = [detail.node for detail in details]
        self.name = self.nodes[0].name.value
        self.parent, self.parent_type = parent, parent.type
        self.strawberry = _strawberry_field(definition)
        self.attribute = _attribute(definition, self.strawberry)
        self.read = _read(self)
        self.completer: Completer = completer_of(self, definition.type, parent.climb)

        self.is_projected = self.read is not None and isinstance(self.completer, LeafCompleter)
        self.plain: set[type] = set()
        """Classes of values that it has had, none of which is awaited."""
        self.stamped = _stamped(self.strawberry)
        above = parent.field
        self.within: Field | None = above if above is None or above.stamped else above.within
        """The field above that gives the context of this one; None where the operation does."""

    @cached_property
    def argument_variables(self) -> list[str]:
        """Those that are used in its arguments."""
        return sorted(set(_variables(self.nodes[0].arguments or (), {}, set())))

    @cached_property
    def variables(self) -> list[str]:
        """Those that are used in it and beneath it."""
        return sorted(set(_variables(self.nodes, self.selected.fragments, set())))

    @cached_property
    def fetch(self) -> Fetch:
        return fetch_of(self)

    def shape_of(self, type_: GraphQLObjectType, climb: int) -> "Shape":
        """What is selected of an object that this field, or a list in it, holds at a place with that climb."""
        return Shape(self.selected, type_, self, climb)


class Shape:
    """The fields selected of the objects of one type at one position; collected when objects are first met there."""

    def __init__(self, selected: Selected, type_: GraphQLObjectType, field: Field | None, climb: int) -> None:
        self.selected, self.type, self.field, self.climb = selected, type_, field, climb

    def project(self, rows: Rows, run: Run) -> list[Out]:
        """The response's objects for these rows; fields that are more than a leaf of the row wait in `run.ready`."""
        if not rows:
            return []
        if bear_kept(rows):
            outs = from_kept(rows, run, self, self._project)
            outs = [out.copy() for out in outs] if self.later else outs
        else:
            outs = self._project(rows, run)
        for field in self.later:
            run.ready.append((field, rows, outs))
        return outs

    @cached_property
    def constants(self) -> Out:
        """Every response key in its order, with what all objects have there: their `__typename`, or nothing yet."""
        return {key: self.type.name if _is_typename(details) else None for key, details in self._grouped.items()}

    @cached_property
    def fields(self) -> dict[str, Field]:
        """By response key, without `__typename`."""
        grouped = self._grouped.items()
        return {key: self._field(key, details) for key, details in grouped if not _is_typename(details)}

    @cached_property
    def _project(self) -> Project:
        return compiled(self.constants, self.fields)

    @cached_property
    def later(self) -> list[Field]:
        return [field for field in self.fields.values() if not field.is_projected]

    @cached_property
    def _grouped(self) -> Grouped:
        schema, operation, fragments, conditions = self.selected
        if self.field is None:
            return collect_fields(schema, fragments, conditions, self.type, operation).grouped_field_set
        details = self.field.details
        return collect_subfields(schema, fragments, conditions, operation, self.type, details).grouped_field_set

    def _field(self, key: str, details: list[FieldDetails]) -> Field:
        definition = self.selected.schema.get_field(self.type, details[0].node.name.value)
        assert definition is not None, "a validated operation selects fields that there are"
        return Field(self.selected, key, details, self, definition)


class Plan:
    """A prepared operation."""

    def __init__(self, selected: Selected) -> None:
        root_type = selected.schema.get_root_type(selected.operation.operation)
        assert root_type is not None, "a validated operation is of a type that the schema has"
        self.root = Shape(selected, root_type, None, climb=0)
        self.is_serial = selected.operation.operation is OperationType.MUTATION

    @cached_property
    def steps(self) -> list[list[Field]]:
        """The root fields: those of a step run concurrently, the steps one after another."""
        fields = list(self.root.fields.values())
        return [[field] for field in fields] if self.is_serial else [fields]


def _variables(nodes: Iterable[Node], fragments: dict[str, FragmentDetails], spread: set[str]) -> Iterator[str]:
    """The names of all variables in these nodes and in the fragments that they spread, beyond those in `spread`."""
    for node in nodes:
        if isinstance(node, VariableNode):
            yield node.name.value
        if isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
            spread.add(node.name.value)
            yield from _variables([fragments[node.name.value].definition], fragments, spread)
        for child in (getattr(node, key) for key in node.keys):
            within = child if isinstance(child, tuple | list) else [child] if isinstance(child, Node) else []
            yield from _variables(within, fragments, spread)


def _is_typename(details: list[FieldDetails]) -> bool:
    return details[0].node.name.value == "__typename"


def _stamped(field: StrawberryField | None) -> Stamped | None:
    level = None if field is None else field.metadata.get(Level)
    return level if isinstance(level, Stamped) else None


def _strawberry_field(definition: GraphQLField) -> StrawberryField | None:
    field = definition.extensions.get("strawberry-definition")
    return field if isinstance(field, StrawberryField) else None


def _read(field: Field) -> Callable[[Any], Any] | None:
    """What gives the field's value of a row alone; None where it takes more than the row."""
    declared = field.strawberry
    if field.attribute is not None and declared is not None:
        getter, name = declared.default_resolver, field.attribute
        return attrgetter(name) if getter is getattr and name.isidentifier() else lambda row: getter(row, name)
    if declared is None or has_more_to_it(field, declared):
        return None
    computed: Computed | None = declared.metadata.get(Computed)
    return computed.function if computed else None


def _attribute(definition: GraphQLField, field: StrawberryField | None) -> str | None:
    """The name of the row's attribute that the field is, where it is no more than that."""
    if field is None or type(field).get_result is not StrawberryField.get_result or field.is_subscription:
        return None
    is_plain = field.is_basic_field and getattr(definition.resolve, "_is_default", False)
    return field.python_name if is_plain else None
