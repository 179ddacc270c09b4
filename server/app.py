"""The HTTP edge as one ASGI app: `uvicorn --factory` or `create_app(settings)`."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute

import wiring
from schema import schema as photofeed_schema
from server.afterwards import Afterwards
from server.answers import PLAIN, bad_request
from server.backend import Backend
from server.connections import Connections
from server.engine import Engine
from server.graphiql import GraphiQLFiles, GraphiQLPage
from server.graphql_http import GraphQLOverHTTP
from server.health import healthz, readyz
from server.metrics import Metrics
from server.middleware import Cors, Observed, Shortcut
from server.sse import EventStreams
from server.websocket import GraphQLOverWebSocket
from settings import Settings
from stores.redis.connection import cancelled

Running = Callable[[Settings], AbstractAsyncContextManager[Backend]]


def create_app(
    settings: Settings, *, schema: strawberry.Schema = photofeed_schema, running: Running = wiring.running
) -> Starlette:
    """Connects to nothing until its lifespan begins, and has closed everything when that ends."""
    afterwards, connections, engine = Afterwards(), Connections(), Engine(schema, settings)
    metrics = Metrics(afterwards)
    door = asyncio.Semaphore(settings.sign_ins_at_once)
    streams = EventStreams(settings, metrics, connections)
    graphql = GraphQLOverHTTP(engine, streams, door, settings, metrics, GraphiQLPage(settings))
    sockets = GraphQLOverWebSocket(engine, connections, door, settings, metrics)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(settings) as app.state.backend:
            watching = asyncio.create_task(connections.watch(app.state.backend, settings.session_check_s))
            try:
                yield
            finally:
                await cancelled(watching)
                afterwards.flush()

    endpoint = Route("/graphql", graphql, methods=["GET", "POST"])
    routes = [
        endpoint,
        WebSocketRoute("/graphql", sockets.answer),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics.answer),
        *([Mount("/graphiql", GraphiQLFiles())] if settings.graphiql else []),
    ]
    middleware = [
        Middleware(Observed, metrics, afterwards),
        Middleware(Cors, settings.cors_origins),
        Middleware(Shortcut, endpoint),
    ]
    app = Starlette(
        routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers={HTTPException: _refuse}
    )
    app.state.connections = connections
    return app


async def _refuse(_request: Request, refusal: Exception) -> Response:
    """Answers that the router gives, such as 404 and 405, in the form that all errors have."""
    assert isinstance(refusal, HTTPException)
    return PLAIN.refusal(bad_request(f"{refusal.detail}.", refusal.status_code, refusal.headers))
