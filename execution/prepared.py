"""Operations that are executed again and again: what does not depend on who asks is made once."""

from collections.abc import Hashable, Mapping
from typing import Any

from graphql import DocumentNode, GraphQLError
from graphql.execution.executor import Executor
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

MOST_KNOWN, LONGEST_KNOWN = 100, 100
"""Choices of variables that are remembered for an operation, and the characters of a text among them."""
PLAIN = {str, int, float, bool, type(None)}


class Prepared:
    """An operation of a valid document, and executors of the schema's `execution_context_class` for it."""

    def __init__(
        self, schema: Schema, document: DocumentNode, operation_name: str | None = None, *, suggestions: bool = True
    ) -> None:
        """`suggestions`: whether errors may tell names of the schema."""
        self._schema, self._document, self._name = schema, document, operation_name
        self._suggestions = suggestions
        self._known: dict[Hashable, Executor[Any]] = {}

    def executor(
        self, variables: Mapping[str, Any], context: Any, root: Any = None
    ) -> Executor[Any] | list[GraphQLError]:
        """For one execution; errors where the variables do not fit. `root`: of a subscription, the event."""
        key = _key(variables)
        known = None if key is None else self._known.get(key)
        if known is None:
            built = self._built(variables)
            if isinstance(built, list):
                return built
            known = built
            if key is not None:
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known[key] = known
        return _another(known, context, root)

    def _built(self, variables: Mapping[str, Any]) -> Executor[Any] | list[GraphQLError]:
        return self._schema.execution_context_class.build(
            self._schema._schema,
            self._document,
            raw_variable_values=dict(variables),
            operation_name=self._name,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # a TypeGuard in all but its annotation
            hide_suggestions=not self._suggestions,
        )


def _key(variables: Mapping[str, Any]) -> Hashable | None:
    """The same for those that are coerced to the same; None for what is not worth remembering, or may be changed."""
    values = list(variables.values())
    kinds = list(map(type, values))
    if not PLAIN.issuperset(kinds) or any(type(value) is str and len(value) > LONGEST_KNOWN for value in values):
        return None
    return *variables, *kinds, *values


def _another(known: Executor[Any], context: Any, root: Any) -> Executor[Any]:
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
