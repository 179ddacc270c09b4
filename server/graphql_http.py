"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): POST, and GET for queries and subscriptions.

Strawberry's own view passes 53 of the 61 checks of npm's `graphql-http`; this one passes all.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

import structlog
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rules.errors import Refusal, Unavailable
from server.answers import PLAIN, Format, Refused, bad_request, negotiated, refused
from server.backend import Backend, OperationContext
from server.engine import Asked, Engine
from server.headers import RequestHeaders
from server.metrics import MeasuredOperation, Metrics
from server.operations import Operation, internal
from server.requests import bearer, read, refuse_cross_site
from server.sse import EventStreams, takes_events
from settings import Settings
from stores.errors import StoreUnavailable

log = structlog.get_logger()


class GraphQLOverHTTP:
    """The endpoint, an ASGI app. `page` answers what should get a page instead, and nothing else.

    `door` is what those who ask for event streams pass through while their tokens are judged.
    """

    def __init__(
        self,
        engine: Engine,
        streams: EventStreams,
        door: asyncio.Semaphore,
        settings: Settings,
        metrics: Metrics,
        page: Callable[[Request], Response | None],
    ) -> None:
        self._engine, self._streams, self._door = engine, streams, door
        self._settings, self._metrics, self._page = settings, metrics, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive), RequestHeaders.of(scope))
        await response(scope, receive, send)

    async def _answer(self, request: Request, headers: RequestHeaders) -> Response:
        if page := self._page(request):
            return page
        form = negotiated(headers.get(b"accept"))
        if form is None and not takes_events(headers.get(b"accept")):
            refusal = bad_request("This endpoint answers in JSON and in event streams.", HTTPStatus.NOT_ACCEPTABLE)
            return PLAIN.refusal(refusal)
        with self._metrics.operation() as measured:
            try:
                return await self._executed(request, headers, form, measured)
            except Refused as refusal:
                measured.outcome = "refused"
                if form is None and refusal.well_formed:
                    return self._streams.of_refusal(refusal, _id(request))
                return (form or PLAIN).refusal(refusal)
            except Exception:
                log.exception("request failed")
                failure = internal(_id(request))
                return (form or PLAIN).refusal(Refused(HTTPStatus.INTERNAL_SERVER_ERROR, [failure]))

    async def _executed(
        self, request: Request, headers: RequestHeaders, form: Format | None, measured: MeasuredOperation
    ) -> Response:
        """The answer in `form`, or as an event stream; raises Refused where it does not come to the execution."""
        try:
            asked = await self._asked(request, headers)
            measured.type = asked.operation.type.value
            if form is None or _lasts(headers, asked.operation):
                return await self._streamed(request, headers, asked, measured)
            _refuse_method(request.method, asked.operation)
            body = await self._engine.answer(asked, await _signed_in(request, headers, asked.operation))
            measured.outcome = "errors" if "errors" in body else "ok"
            return form.answer(body)
        except (Refusal, StoreUnavailable) as error:
            raise refused(error if isinstance(error, Refusal) else Unavailable()) from None

    async def _asked(self, request: Request, headers: RequestHeaders) -> Asked:
        refuse_cross_site(headers, self._settings.cors_origins)
        return self._engine.asked(await read(request, headers, self._settings.request_body_bytes), _id(request))

    async def _streamed(
        self, request: Request, headers: RequestHeaders, asked: Asked, measured: MeasuredOperation
    ) -> Response:
        _refuse_method(request.method, asked.operation, lasts=True)
        async with self._door:
            context = await _signed_in(request, headers, asked.operation)
        measured.outcome = "ok"
        return self._streams.of(self._engine.results(asked, context), context.viewer, asked.request_id)


def _id(request: Request) -> str:
    request_id: str = request.scope["state"]["request_id"]
    return request_id


def _lasts(headers: RequestHeaders, operation: Operation) -> bool:
    return operation.type is OperationType.SUBSCRIPTION and takes_events(headers.get(b"accept"))


def _refuse_method(method: str, operation: Operation, *, lasts: bool = False) -> None:
    if operation.type is OperationType.SUBSCRIPTION and not lasts:
        raise bad_request("Subscriptions need a connection that lasts: a WebSocket, or text/event-stream.")
    if operation.type is OperationType.MUTATION and method != "POST":
        raise bad_request("Send mutations by POST.", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "POST"})


async def _signed_in(request: Request, headers: RequestHeaders, operation: Operation) -> OperationContext:
    """The operation's context, for whom the request's token stands; raises Unauthenticated for a bad token."""
    backend: Backend = request.app.state.backend
    token = None if operation.signs_in else bearer(headers.get(b"authorization"))
    resume_after = headers.get(b"last-event-id") if operation.type is OperationType.SUBSCRIPTION else None
    return await backend.context(
        token,
        headers.get(b"user-agent"),
        _id(request),
        resume_after=resume_after,
        reads_feed=operation.reads_feed,
    )
