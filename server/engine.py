"""Runs the operations of a schema, whatever they came by: each document checked once, errors as clients see them."""

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from typing import Any, NamedTuple, cast

import structlog
from graphql import ExecutionResult, GraphQLError, OperationType, located_error
from graphql.execution import Executor, create_source_event_stream, execute_subscription_event
from strawberry import Schema

from rules.errors import TooSlow
from server.answers import Refused
from server.backend import OperationContext
from server.documents import DocumentLimits, Documents
from server.operations import InvalidDocument, Operation, response_body, shown
from server.pacing import Pace
from server.requests import GraphQLRequest
from settings import Settings

LONGEST_LOGGED_NAME = 100
"""Characters of an operation's name that are logged: clients choose it."""


class Result(NamedTuple):
    """What a client gets; `cursor` is the place of a subscription's event in its stream, where it has one."""

    body: dict[str, object]
    cursor: str | None = None


class Asked(NamedTuple):
    """An operation with its variables, and the id under which its failures are logged."""

    operation: Operation
    variables: dict[str, Any]  # JSON: typed by the operation's variables
    request_id: str


class Engine:
    def __init__(self, schema: Schema, settings: Settings) -> None:
        self._documents = Documents(schema, DocumentLimits.of(settings), introspection=settings.introspection)
        self._pace = Pace(settings.events_at_once)

    def asked(self, request: GraphQLRequest, request_id: str) -> Asked:
        """What the request asks for; from here on, logged with its name. Raises Refused, or TooCostly."""
        try:
            operation = self._documents.operation(request.query, request.operation_name)
        except InvalidDocument as invalid:
            raise Refused(400, [shown(error, request_id) for error in invalid.errors], well_formed=True) from None
        structlog.contextvars.bind_contextvars(operation=operation.title[:LONGEST_LOGGED_NAME])
        return Asked(operation, request.variables, request_id)

    async def answer(self, asked: Asked, context: OperationContext) -> dict[str, object]:
        """The answer to a query or mutation; raises Refused where its variables do not fit."""
        try:
            result: Any = asked.operation.prepared.execute(asked.variables, context)  # Any: as graphql-core's
            done: ExecutionResult = result if isinstance(result, ExecutionResult) else await result
        finally:
            context.release()
        return response_body(done, asked.request_id)

    async def results(self, asked: Asked, context: OperationContext) -> AsyncGenerator[Result, None]:
        """The answer to a query or mutation, or each event of a subscription.

        Raises Refused where the operation cannot begin, and where a subscription breaks off; TooSlow where its client
        leaves too many events waiting.
        """
        if asked.operation.type is not OperationType.SUBSCRIPTION:
            yield Result(await self.answer(asked, context))
            return
        executor = _executor(asked, context)
        try:
            async with aclosing(await _source(executor, asked)) as events:
                async for event in events:
                    yield await self._executed(executor, event, asked)
        except (Refused, TooSlow):
            raise
        except Exception as error:
            raise _broken_off(error, asked) from error

    async def _executed(self, executor: Executor[OperationContext], event: object, asked: Asked) -> Result:
        async with self._pace:
            one = executor.build_per_event_executor(event)
            one.context_value = executor.context_value.afresh()
            try:
                result = execute_subscription_event(one)
                done = result if isinstance(result, ExecutionResult) else await result
            finally:
                one.context_value.release()
        if done.data is None:  # else the client would go on from an event that it did not get
            raise Refused(400, [shown(error, asked.request_id) for error in done.errors or ()], well_formed=True)
        return Result(response_body(done, asked.request_id), getattr(event, "cursor", None))


def _executor(asked: Asked, context: OperationContext) -> Executor[OperationContext]:
    executor = asked.operation.prepared.executor(asked.variables, context)
    if isinstance(executor, list):
        raise Refused(400, [shown(error, asked.request_id) for error in executor], well_formed=True)
    return executor


async def _source(executor: Executor[OperationContext], asked: Asked) -> AsyncGenerator[object, None]:
    """The events of a subscription, as its resolver, an async generator, yields them."""
    stream = create_source_event_stream(executor)
    if not isinstance(stream, AsyncIterable | ExecutionResult):
        stream = await stream
    if isinstance(stream, ExecutionResult):
        raise Refused(400, [shown(error, asked.request_id) for error in stream.errors or ()], well_formed=True)
    return cast("AsyncGenerator[object, None]", stream)


def _broken_off(error: Exception, asked: Asked) -> Refused:
    """What a subscription's resolver raised, as an error of its field."""
    field = asked.operation.root_fields[0]
    located: GraphQLError = located_error(error, [field], [(field.alias or field.name).value])
    return Refused(400, [shown(located, asked.request_id)], well_formed=True)
