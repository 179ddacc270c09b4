"""The plans of a schema: each operation's, for each choice that its variables make by @skip and @include."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from graphql import (
    DirectiveNode,
    FragmentSpreadNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)
from graphql.execution.executor import Executor, default_field_resolver, default_type_resolver
from graphql.execution.middleware import MiddlewareManager
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable
from strawberry.execution import optimized_is_awaitable
from strawberry.extensions.directives import DirectivesExtension, DirectivesExtensionSync

from execution.plan import Plan, Selected

MOST_OPERATIONS = 1_000
"""Operations kept for each schema; the least recently used is dropped."""

MOST_CHOICES = 32
"""Plans of one operation; further choices are left to graphql-core."""


class Planned(NamedTuple):
    operation: OperationDefinitionNode  # kept alive, since its identity is the key
    conditions: list[str] | None  # the variables of @skip and @include; None: it cannot be planned
    plans: dict[tuple[Any, ...], Plan]  # by their values


_planned: WeakKeyDictionary[GraphQLSchema, OrderedDict[int, Planned]] = WeakKeyDictionary()


def plan_of(executor: Executor[Any]) -> Plan | None:
    """The plan for what the executor is about to do; None: it is declined, and graphql-core's to execute."""
    if not _is_ordinary(executor):
        return None
    operation = executor.operation
    planned = _planned.setdefault(executor.schema, OrderedDict())
    entry = planned.get(id(operation))
    if entry is None:
        entry = planned[id(operation)] = Planned(operation, _conditions(executor), {})
        if len(planned) > MOST_OPERATIONS:
            planned.popitem(last=False)
    planned.move_to_end(id(operation))
    return None if entry.conditions is None else _chosen(entry, entry.conditions, executor)


def _is_ordinary(executor: Executor[Any]) -> bool:
    """Whether nobody wants to be asked field by field, or to hear of what happens meanwhile."""
    return (
        _is_idle(executor.middleware_manager)
        and executor.abort_signal is None
        and executor.hooks is None
        and executor.error_propagation
        and executor.field_resolver is default_field_resolver
        and executor.type_resolver is default_type_resolver
        and executor.is_awaitable in (optimized_is_awaitable, is_awaitable)
    )


def _is_idle(manager: MiddlewareManager | None) -> bool:
    """Strawberry's own middleware runs directives of the schema; operations with any are declined anyway."""
    own = (DirectivesExtension, DirectivesExtensionSync)
    return manager is None or all(type(each) in own for each in manager.middlewares)


def _chosen(entry: Planned, conditions: list[str], executor: Executor[Any]) -> Plan | None:
    sources, coerced = executor.variable_values
    values = tuple(coerced.get(name) for name in conditions)
    plan = entry.plans.get(values)
    if plan is None and len(entry.plans) < MOST_CHOICES:
        known = VariableValues(
            {name: sources[name] for name in conditions if name in sources},
            {name: coerced[name] for name in conditions if name in coerced},
        )
        selected = Selected(executor.schema, entry.operation, executor.fragments, known)
        plan = entry.plans[values] = Plan(selected)
    return plan


def _conditions(executor: Executor[Any]) -> list[str] | None:
    names: dict[str, None] = {}
    for directive in _directives(executor):
        if directive.name.value not in ("skip", "include"):
            return None
        value = directive.arguments[0].value if directive.arguments else None
        if isinstance(value, VariableNode):
            names[value.name.value] = None
    if any(fragment.variable_signatures for fragment in executor.fragments.values()):
        return None
    return list(names)


def _directives(executor: Executor[Any]) -> Iterator[DirectiveNode]:
    """All that stand in the operation and the fragments that it spreads."""
    yield from executor.operation.directives or ()
    for selection in _selections(executor, executor.operation.selection_set, set()):
        yield from selection.directives or ()


def _selections(executor: Executor[Any], selected: SelectionSetNode, spread: set[str]) -> Iterator[SelectionNode]:
    for selection in selected.selections:
        yield selection
        inner: SelectionSetNode | None = None
        if not isinstance(selection, FragmentSpreadNode):
            inner = selection.selection_set  # type: ignore[attr-defined]  # a field's, or an inline fragment's
        elif selection.name.value not in spread:
            spread.add(selection.name.value)
            inner = executor.fragments[selection.name.value].definition.selection_set
        if inner is not None:
            yield from _selections(executor, inner, spread)
