"""The executor of a Strawberry schema that runs operations over batches.

    schema = strawberry.Schema(Query, execution_context_class=BatchedExecutor)

`run` executes a validated document directly, without Strawberry's pipeline of parsing, validating and extensions.
"""

from collections.abc import Awaitable
from functools import cached_property
from typing import Any, cast

from graphql import DocumentNode, ExecutionResult
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from execution.plan import Plan
from execution.plans import plan_of
from execution.running import Run


class BatchedExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's, which executes by a plan what `plans` does not decline: queries, mutations, events."""

    @cached_property
    def made(self) -> dict[object, Any]:
        """What parts of the plan have made of its variables, for all executions: by the part, what only it looks at."""
        return {}

    @cached_property
    def plan(self) -> Plan | None:
        return plan_of(self)

    def execute_operation(self, serially: bool | None = None) -> Any:  # Any: as graphql-core's
        if self.plan is None:
            return super().execute_operation(serially)
        return self.execute_for(self.context_value, self.root_value)

    def execute_for(self, context: Any, root: Any) -> Any:
        """As `execute_operation`, by the plan, for another context and root; any number at the same time."""
        assert self.plan is not None, "it has not been declined"
        return Run(self, context, root).response(self.plan)


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
