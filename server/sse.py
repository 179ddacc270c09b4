"""Operations as server-sent events: the distinct connections mode of
https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, with event ids."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractContextManager, aclosing
from typing import Any

import orjson
import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rules.errors import TooSlow, Unauthenticated
from server.answers import Refused, media_ranges, refused
from server.connections import Connections
from server.engine import Result
from server.metrics import Metrics
from server.operations import internal
from server.outgoing import Outgoing
from services.signing_in import SignedIn
from settings import Settings
from stores.redis.connection import cancelled

EVENT_STREAM = "text/event-stream"
COMPLETE = b"event: complete\ndata:\n\n"
COMMENT = b":\n\n"
HEADERS = {
    "Content-Type": f"{EVENT_STREAM}; charset=utf-8",
    "Cache-Control": "no-store",
    "Vary": "Accept, Origin",
    "X-Accel-Buffering": "no",  # nginx would hold events back
}

Results = AsyncGenerator[Result, None]

log = structlog.get_logger()


def takes_events(accept: str | None) -> bool:
    """Whether the client names the media type; wildcards do not mean it."""
    return media_ranges(accept or "").get(EVENT_STREAM, 0) > 0


class EventStreams:
    """Makes the answers of a process that are event streams."""

    def __init__(self, settings: Settings, metrics: Metrics, connections: Connections) -> None:
        self.settings, self.metrics, self.connections = settings, metrics, connections

    def of(self, results: Results, viewer: SignedIn | None, request_id: str) -> "EventStream":
        return EventStream(self, results, viewer, request_id)

    def of_refusal(self, refusal: Refused, request_id: str) -> "EventStream":
        """The specification wants an invalid document to be told in a stream that was accepted."""

        async def nothing_else() -> Results:
            yield Result({"errors": refusal.errors})

        return EventStream(self, nothing_else(), None, request_id)


class EventStream(Response):
    """Ends with `complete`, except where the client is to come back: when the server stops."""

    def __init__(self, streams: EventStreams, results: Results, viewer: SignedIn | None, request_id: str) -> None:
        self._streams, self._results, self._viewer, self._request_id = streams, results, viewer, request_id
        self.status_code, self.background = 200, None
        self.init_headers(HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["lasts"] = True
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        last_words = await self._run(receive, send)
        if last_words is not None:
            await send({"type": "http.response.body", "body": last_words, "more_body": False})

    async def _run(self, receive: Receive, send: Send) -> bytes | None:
        """What is left to be sent at the end; None where nobody reads it."""
        ended: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()

        def end(last_words: bytes | None) -> None:
            if not ended.done():
                ended.set_result(last_words)

        outgoing = self._outgoing(send)
        running = [self._pump(outgoing, end), self._keep_alive(outgoing, end), _leave(receive, end)]
        tasks = [asyncio.create_task(each) for each in running]
        try:
            with self._opened(end):
                return await ended
        finally:
            await cancelled(*tasks)

    def _opened(self, end: Callable[[bytes | None], None]) -> AbstractContextManager[None]:
        unauthenticated = refused(Unauthenticated("The access token has ended: refresh the session.")).errors
        return self._streams.connections.opened(
            self._viewer, token_ended=lambda: end(_failed(unauthenticated)), server_stops=lambda: end(b"")
        )

    def _outgoing(self, send: Send) -> Outgoing:
        async def write(chunk: bytes) -> None:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

        limits = self._streams.settings
        return Outgoing(write, most_bytes=limits.socket_waiting_bytes, within_s=limits.send_within_s)

    async def _pump(self, outgoing: Outgoing, end: Callable[[bytes | None], None]) -> None:
        try:
            with self._streams.metrics.subscription("sse") as count:
                async with aclosing(self._results) as results:
                    async for result in results:
                        await outgoing.send(_next(result.body, result.cursor))
                        count()
            end(COMPLETE)
        except Refused as refusal:
            end(_failed(refusal.errors))
        except TooSlow:
            end(None)
        except Exception:
            log.exception("event stream failed")
            end(_failed([internal(self._request_id)]))

    async def _keep_alive(self, outgoing: Outgoing, end: Callable[[bytes | None], None]) -> None:
        try:
            while True:
                await asyncio.sleep(self._streams.settings.event_stream_keep_alive_s)
                await outgoing.send(COMMENT)
        except TooSlow:
            end(None)


async def _leave(receive: Receive, end: Callable[[bytes | None], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    end(None)


def _next(body: Mapping[str, Any], cursor: str | None = None) -> bytes:
    place = b"" if cursor is None else b"id: %s\n" % cursor.encode()
    return b"event: next\n%sdata: %s\n\n" % (place, orjson.dumps(body))


def _failed(errors: list[dict[str, object]]) -> bytes:
    return _next({"errors": errors}) + COMPLETE
