"""Executors that are made of others."""

from typing import Any

from graphql.execution.executor import Executor


def another(known: Executor[Any], context: Any, root: Any = None) -> Executor[Any]:
    """Of the same operation and variables, sharing nothing of its execution."""
    return type(known)(
        known.schema,
        known.fragment_definitions,
        known.fragments,
        root,
        context,
        known.operation,
        known.variable_values,
        known.field_resolver,
        known.type_resolver,
        known.subscribe_field_resolver,
        is_awaitable=known.is_awaitable,
        hide_suggestions=known.hide_suggestions,
    )
