"""One operation of a WebSocket, from its `subscribe` to its last message."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import OperationType

from rules.errors import Refusal, Unavailable
from server.answers import Refused, refused
from server.backend import OperationContext
from server.connections import Connections
from server.engine import Asked, Engine
from server.metrics import Metrics
from server.operations import Operation
from server.requests import GraphQLRequest
from settings import Settings
from stores.errors import StoreUnavailable


@dataclass(frozen=True, slots=True)
class Shared:
    """What all conversations of a process have in common."""

    engine: Engine
    connections: Connections
    door: asyncio.Semaphore
    settings: Settings
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class SocketOperation:
    """`context` makes an operation's context for the socket's viewer; `send` takes messages for the client."""

    id: str
    shared: Shared
    request_id: str
    context: Callable[[Operation], Awaitable[OperationContext]]
    send: Callable[[bytes], Awaitable[None]]

    async def run(self, request: GraphQLRequest) -> bytes:
        """Say what comes of it, but for the last message, which is given back."""
        try:
            await self._results(request)
        except Refused as refusal:
            return self._message("error", refusal.errors)
        return orjson.dumps({"id": self.id, "type": "complete"})

    async def _results(self, request: GraphQLRequest) -> None:
        """Raises Refused for what is told as an error."""
        with self.shared.metrics.operation() as measured:
            try:
                asked = self.shared.engine.asked(request, self.request_id)
                measured.type = asked.operation.type.value
                context = await self.context(asked.operation)
                lasts = asked.operation.type is OperationType.SUBSCRIPTION
                body = None if lasts else await self.shared.engine.answer(asked, context)
            except (Refused, Refusal, StoreUnavailable) as error:
                measured.outcome = "refused"
                raise _as_refused(error) from None
            measured.outcome = "errors" if body and "errors" in body else "ok"
        if body is None:
            await self._events(asked, context)
        else:
            await self.send(self._message("next", body))

    async def _events(self, asked: Asked, context: OperationContext) -> None:
        with self.shared.metrics.subscription("websocket") as count:
            async with aclosing(self.shared.engine.results(asked, context)) as results:
                async for result in results:
                    told = self._message("next", result.body)
                    del result  # what waits for the client is held once, as bytes
                    await self.send(told)
                    count()

    def _message(self, kind: str, payload: Any) -> bytes:  # JSON
        return orjson.dumps({"id": self.id, "type": kind, "payload": payload})


def _as_refused(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    return refused(error if isinstance(error, Refusal) else Unavailable())
