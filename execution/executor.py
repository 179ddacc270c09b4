"""The executor of a Strawberry schema that runs operations over batches.

    schema = strawberry.Schema(Query, execution_context_class=BatchedExecutor)

`run` executes a validated document directly, without Strawberry's pipeline of parsing, validating and extensions.
"""

from collections.abc import Awaitable
from typing import Any, cast

from graphql import DocumentNode, ExecutionResult
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from execution.plans import plan_of
from execution.running import Run


class BatchedExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's, which executes by a plan what `plans` does not decline: queries, mutations, events."""

    def execute_operation(self, serially: bool | None = None) -> Any:  # Any: as graphql-core's
        plan = plan_of(self)
        return super().execute_operation(serially) if plan is None else Run(self).response(plan)


def run(
    schema: Schema,
    document: DocumentNode,
    operation_name: str | None = None,
    variables: dict[str, Any] | None = None,
    context: object = None,
    root: object = None,
    *,
    suggestions: bool = True,
) -> ExecutionResult | Awaitable[ExecutionResult]:
    """Execute an operation of a valid document; at once where nothing in it needs waiting for.

    Errors of fields are in the result, which has errors alone where the operation is not there or the variables do not
    fit. What is raised is no error of a field: cancellation, above all. A plan is kept with its document: pass the same
    document again, not one parsed again. `root`: of a subscription, the event.
    """
    executor = BatchedExecutor.build(
        schema._schema,
        document,
        root,
        context,
        variables,
        operation_name,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # a TypeGuard in all but its annotation
        hide_suggestions=not suggestions,
    )
    if isinstance(executor, list):
        return ExecutionResult(None, executor)
    result: Any = executor.execute_operation()  # declared to be incremental as well, which is not asked for
    return cast("ExecutionResult | Awaitable[ExecutionResult]", result)
