"""Operations that are executed again and again: what does not depend on who asks is made once."""

from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLError, get_operation_ast
from graphql.execution.executor import Executor
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

from execution.another import another
from execution.arguments import are_immutable
from execution.executor import BatchedExecutor

MOST_KNOWN, MOST_VARIABLES, LONGEST_KNOWN = 100, 10, 100
"""Choices of variables that are remembered for an operation; how many it may declare; the characters of a text."""
ABSENT = ...
"""Stands for a variable that was not given: as a key, it takes less than graphql-core's `Undefined`."""
PLAIN = {str, int, float, bool, type(None), type(ABSENT)}


class Prepared:
    """An operation of a valid document, and executors of the schema's `execution_context_class` for it."""

    def __init__(
        self, schema: Schema, document: DocumentNode, operation_name: str | None = None, *, suggestions: bool = True
    ) -> None:
        """`suggestions`: whether errors may tell names of the schema."""
        self._schema, self._document, self._name = schema, document, operation_name
        self._suggestions = suggestions
        self._known: dict[Hashable, Executor[Any]] = {}

    def executor(self, variables: Mapping[str, Any], context: Any) -> Executor[Any] | list[GraphQLError]:
        """For one execution; errors where the variables do not fit."""
        known = self._executor(variables)
        return known if isinstance(known, list) else another(known, context)

    def execute(self, variables: Mapping[str, Any], context: Any) -> Any:  # Any: as graphql-core's
        """What an executor's `execute_operation` gives; the errors alone where the variables do not fit."""
        known = self._executor(variables)
        if isinstance(known, list):
            return ExecutionResult(None, known)
        if isinstance(known, BatchedExecutor) and known.plan is not None:
            return known.execute_for(context, None)
        return another(known, context).execute_operation()

    def _executor(self, variables: Mapping[str, Any]) -> Executor[Any] | list[GraphQLError]:
        """For nobody in particular."""
        key = self._key(variables)
        known = None if key is None else self._known.get(key)
        if known is not None:
            return known
        built = self._built(variables)
        if key is not None and not isinstance(built, list) and are_immutable(built.variable_values.coerced.values()):
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = built
        return built

    def _built(self, variables: Mapping[str, Any]) -> Executor[Any] | list[GraphQLError]:
        return self._schema.execution_context_class.build(
            self._schema._schema,
            self._document,
            raw_variable_values=dict(variables),
            operation_name=self._name,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # a TypeGuard in all but its annotation
            hide_suggestions=not self._suggestions,
        )

    @cached_property
    def _names(self) -> list[str]:
        """Of the variables that it declares: clients may send any others."""
        operation = get_operation_ast(self._document, self._name)
        return [each.variable.name.value for each in (operation and operation.variable_definitions) or ()]

    def _key(self, variables: Mapping[str, Any]) -> Hashable | None:
        """The same for those that are coerced to the same; None for what is not worth remembering."""
        values = [variables.get(name, ABSENT) for name in self._names]
        kinds = list(map(type, values))
        if len(kinds) > MOST_VARIABLES or not PLAIN.issuperset(kinds):
            return None
        if str in kinds and any(type(value) is str and len(value) > LONGEST_KNOWN for value in values):
            return None
        return *kinds, *values
