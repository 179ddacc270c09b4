"""What every HTTP request passes through, in the order of `server.app`. Plain ASGI: nothing is buffered."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from functools import partial
from random import getrandbits
from time import perf_counter

import structlog
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.afterwards import Afterwards
from server.headers import RequestHeaders
from server.metrics import Metrics

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")

UNLOGGED_PATHS = {"/healthz", "/readyz", "/metrics"}
"""Asked every few seconds by machines."""

NO_SNIFFING = (b"x-content-type-options", b"nosniff")
"""Browsers take every answer for what its Content-Type says."""

log = structlog.get_logger()


class Observed:
    """Each request has an id, the client's X-Request-Id where that is sane: in its answer, and in all that it logs.

    Each answer to HTTP is measured, and has a line in the log; so has each WebSocket, at its end. The query string is
    left out: GET has variables in it.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, afterwards: Afterwards) -> None:
        self._app, self._metrics, self._afterwards = app, metrics, afterwards

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        request_id = scope["state"]["request_id"] = _request_id(scope)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        if scope["type"] == "websocket":
            return await self._socket(scope, receive, send)
        status, began = 500, perf_counter()

        async def noted_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode()), NO_SNIFFING]
            await send(message)

        self._metrics.in_flight += 1
        try:
            return await self._app(scope, receive, noted_send)
        finally:
            self._metrics.in_flight -= 1
            self._afterwards.call(partial(self._note, scope, status, perf_counter() - began, datetime.now(UTC)))

    def _note(self, scope: Scope, status: int, seconds: float, ended: datetime) -> None:
        self._metrics.request_ended(scope, status, seconds)
        if (path := scope["path"]) not in UNLOGGED_PATHS:
            ms = round(seconds * 1_000, 1)
            log.info("request", method=scope["method"], path=path, status=status, ms=ms, timestamp=ended)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Logged with the status of the refusal, or else with the code by which the first side closed it."""
        ending, began = dict[str, int](), perf_counter()

        def note(message: Message) -> Message:
            if message["type"] == "websocket.http.response.start":
                ending.setdefault("status", message["status"])
            elif message["type"] in ("websocket.close", "websocket.disconnect") and "status" not in ending:
                ending.setdefault("code", message.get("code") or 1000)
            return message

        async def noted_receive() -> Message:
            return note(await receive())

        async def noted_send(message: Message) -> None:
            await send(note(message))

        try:
            return await self._app(scope, noted_receive, noted_send)
        finally:
            log.info("socket", path=scope["path"], seconds=round(perf_counter() - began, 1), **ending)


def _request_id(scope: Scope) -> str:
    given = RequestHeaders.of(scope).get(b"x-request-id")
    return given if given and SANE_REQUEST_ID.fullmatch(given) else f"{getrandbits(128):032x}"


class Cors:
    """Starlette's, for the listed origins alone: to others it would send part of its headers too."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app, self._origins = app, origins
        self._cors = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID", "X-Request-Id"],
            expose_headers=["Retry-After", "X-Request-Id"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_listed = scope["type"] == "http" and RequestHeaders.of(scope).get(b"origin") in self._origins
        return await (self._cors if is_listed else self._app)(scope, receive, send)


class Shortcut:
    """To the endpoint that nearly all requests are for, without the router."""

    def __init__(self, app: ASGIApp, route: Route) -> None:
        self._app, self._route, self._methods = app, route, route.methods or set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == self._route.path and scope["method"] in self._methods:
            scope["route"] = self._route
            return await self._route.app(scope, receive, send)
        return await self._app(scope, receive, send)
