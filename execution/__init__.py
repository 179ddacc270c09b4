"""Running GraphQL operations over batches: declared edges and the loaders they ask. Nothing here knows of photos."""

from graphql import ExecutionResult

from execution.executor import BatchedExecutor, run

__all__ = ["BatchedExecutor", "ExecutionResult", "run"]
