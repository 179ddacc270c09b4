"""Whether two executions of an operation gave the same, as far as GraphQL says what they give."""

from collections import defaultdict
from collections.abc import Awaitable
from inspect import isawaitable
from typing import Any

from graphql import DocumentNode, ExecutionResult, execute
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

import execution

Error = tuple[str, str, str]  # path, message, locations
Key = tuple[str | int, ...]


async def by_core(
    schema: Schema, document: DocumentNode, variables: dict[str, Any], context: object, root: object = None
) -> ExecutionResult:
    return await _done(
        execute(
            schema._schema,
            document,
            root,
            context,
            variables,
            executor_class=StrawberryGraphQLCoreExecutionContext,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # a TypeGuard in all but its annotation
        )
    )


async def by_batches(
    schema: Schema, document: DocumentNode, variables: dict[str, Any], context: object, root: object = None
) -> ExecutionResult:
    return await _done(execution.run(schema, document, None, variables, context, root))


async def _done(result: ExecutionResult | Awaitable[ExecutionResult]) -> ExecutionResult:
    return await result if isawaitable(result) else result


def differences(one: ExecutionResult, other: ExecutionResult) -> str:
    """Empty where data and errors are the same, in any order.

    Where a null came up from below, other errors below it may have been recorded before or not: that depends on what
    finishes first. There, each must have one.
    """
    if repr(one.data) != repr(other.data):  # as text: NaN, the order of keys, True and 1
        return f"data:\n{one.data}\n{other.data}"
    errors, others = errors_by_null(one), errors_by_null(other)
    if errors.keys() != others.keys():
        return f"errors at {errors.keys() ^ others.keys()}:\n{errors}\n{others}"
    return "".join(
        f"errors at {null}:\n{errors[null]}\n{others[null]}\n"
        for null in errors
        if errors[null] != others[null] and any(path == null for path, _ in errors[null] + others[null])
    )


def errors_by_null(result: ExecutionResult) -> dict[Key, list[tuple[Key, str]]]:
    """By the null in the data that it explains, each error's path and all that the client sees of it."""
    found: dict[Key, list[tuple[Key, str]]] = defaultdict(list)
    for error in result.errors or ():
        path = tuple(error.path or ())
        found[_null_at(result.data, path)].append((path, str(error.formatted)))
    return {null: sorted(errors, key=str) for null, errors in found.items()}


def _null_at(data: Any, path: Key) -> Key:
    for depth, key in enumerate(path):
        if data is None:
            return path[:depth]
        data = data[key]
    return path
