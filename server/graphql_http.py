"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): POST, and GET for queries.

Strawberry's own view passes 53 of the 61 checks of npm's `graphql-http`; this one passes all.
"""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from strawberry import Schema

from rules.errors import Refusal, Unauthenticated, Unavailable
from server.answers import PLAIN, Refused, bad_request, negotiated, refused
from server.backend import Backend
from server.documents import DocumentLimits, Documents, InvalidDocument
from server.metrics import MeasuredOperation, Metrics
from server.operations import Operation, internal, response_body, run, shown
from server.requests import GraphQLRequest, read, refuse_cross_site
from settings import Settings
from stores.errors import StoreUnavailable

LONGEST_LOGGED_NAME = 100
"""Characters of an operation's name that are logged: clients choose it."""

log = structlog.get_logger()


class GraphQLOverHTTP:
    """`answer` is the endpoint. `page` answers what should get a page instead, and nothing else."""

    def __init__(
        self, schema: Schema, settings: Settings, metrics: Metrics, page: Callable[[Request], Response | None]
    ) -> None:
        self._schema, self._settings, self._metrics, self._page = schema, settings, metrics, page
        limits = DocumentLimits.of(settings)
        self._documents = Documents(schema._schema, limits, introspection=settings.introspection)

    async def answer(self, request: Request) -> Response:
        if page := self._page(request):
            return page
        form = negotiated(request.headers.get("accept"))
        if form is None:
            return PLAIN.refusal(bad_request("This endpoint answers in JSON.", HTTPStatus.NOT_ACCEPTABLE))
        with self._metrics.operation() as measured:
            try:
                return form.answer(await self._executed(request, measured))
            except Refused as refusal:
                measured.outcome = "refused"
                return form.refusal(refusal)
            except Exception:
                log.exception("request failed")
                failure = internal(request.state.request_id)
                return form.refusal(Refused(HTTPStatus.INTERNAL_SERVER_ERROR, [failure]))

    async def _executed(self, request: Request, measured: MeasuredOperation) -> dict[str, object]:
        """The body of the answer; raises Refused where it does not come to the execution."""
        request_id: str = request.state.request_id
        try:
            refuse_cross_site(request.headers, self._settings.cors_origins)
            asked = await read(request, self._settings.request_body_bytes)
            operation = self._operation(asked, request_id)
            measured.type = operation.type.value
            structlog.contextvars.bind_contextvars(operation=operation.title[:LONGEST_LOGGED_NAME])
            _refuse_method(request.method, operation)
            context = await _signed_in(request, operation)
            introspection = self._settings.introspection
            result = await run(self._schema, operation, asked.variables, context, suggestions=introspection)
            measured.outcome = "errors" if result.errors else "ok"
            return response_body(result, request_id)
        except (Refusal, StoreUnavailable) as error:
            raise refused(error if isinstance(error, Refusal) else Unavailable()) from None

    def _operation(self, asked: GraphQLRequest, request_id: str) -> Operation:
        try:
            return Operation.of(self._documents.get(asked.query), asked.operation_name)
        except InvalidDocument as invalid:
            errors = [shown(error, request_id) for error in invalid.errors]
            raise Refused(HTTPStatus.BAD_REQUEST, errors, well_formed=True) from None


def _refuse_method(method: str, operation: Operation) -> None:
    if operation.type is OperationType.SUBSCRIPTION:
        raise bad_request("Subscriptions need a connection that lasts.")
    if operation.type is OperationType.MUTATION and method != "POST":
        raise bad_request("Send mutations by POST.", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "POST"})


async def _signed_in(request: Request, operation: Operation) -> object:
    """The operation's context, for whom the request's token stands; raises Unauthenticated for a bad token."""
    backend: Backend = request.app.state.backend
    token = None if operation.signs_in else _bearer(request.headers.get("authorization"))
    return await backend.context(token, request.headers.get("user-agent"), request.state.request_id)


def _bearer(authorization: str | None) -> str | None:
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("The Authorization header must be 'Bearer' and an access token.")
    return token.strip()
