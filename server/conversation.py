"""What client and server say to each other on one WebSocket, by graphql-transport-ws."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

import orjson
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from rules.errors import Refusal, TooCostly, TooSlow, Unauthenticated
from server.answers import Refused, refused
from server.backend import Backend, OperationContext
from server.closing import Close, Closing
from server.operations import Operation
from server.outgoing import Outgoing
from server.requests import GraphQLRequest, bearer, checked, parsed
from server.socket_operation import Shared, SocketOperation
from services.signing_in import SignedIn
from stores.errors import StoreUnavailable
from stores.redis.connection import cancelled

LONGEST_ID = 128
"""Characters of an operation's id, which every result repeats; clients send UUIDs."""

LONGEST_REASON = 123
"""Bytes of a reason in a close frame: RFC 6455, 5.5."""

INVALID = "This is no message of graphql-transport-ws."

GONE = WebSocketDisconnect, WebSocketDisconnected
"""What Starlette raises once the client has left: the latter for all that is said after that was noticed."""

ABNORMAL = 1006  # RFC 6455, 7.4.1: no close frame came

CLOSE_WITHIN_S = 1.0  # where the server does not take the close frame of a client that does not read

log = structlog.get_logger()


class Conversation:
    def __init__(self, socket: WebSocket, shared: Shared) -> None:
        self._socket, self._shared = socket, shared
        self._backend: Backend = socket.app.state.backend
        self._request_id: str = socket.scope["state"]["request_id"]
        limits = shared.settings
        self._outgoing = Outgoing(self._write, most_bytes=limits.socket_waiting_bytes, within_s=limits.send_within_s)
        self._ended: asyncio.Future[Closing] = asyncio.get_running_loop().create_future()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._token: str | None = None

    async def run(self) -> int:
        """Goes on until either side closes the socket; gives the code by which it did."""
        self._begin(self._listen)
        try:
            ending = await self._ended
        finally:
            await cancelled(*self._tasks)
        with suppress(*GONE, TimeoutError):  # who is gone needs no close frame
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await self._socket.close(ending.code, ending.reason.encode()[:LONGEST_REASON].decode(errors="ignore"))
        return ending.code

    def _begin(self, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work; what it raises ends the conversation."""
        try:
            await work()
        except Closing as closing:
            self._end(closing)
        except GONE as gone:
            self._end(Closing(getattr(gone, "code", ABNORMAL)))
        except TooSlow:
            self._end(Closing(Close.TRY_AGAIN, "You read too slowly."))
        except Exception:
            log.exception("socket failed")
            self._end(Closing(Close.INTERNAL, f"Something went wrong on our side ({self._request_id})."))

    def _end(self, closing: Closing) -> None:
        if not self._ended.done():
            self._ended.set_result(closing)

    # ------------------------------------------------------------------ what the client says

    async def _listen(self) -> None:
        viewer = await self._signed_in(await self._initialisation())
        ended = Closing(Close.TOKEN_ENDED, "The access token has ended: refresh the session.")
        restart = Closing(Close.RESTART, "The server restarts.")
        with self._shared.connections.opened(
            viewer, token_ended=lambda: self._end(ended), server_stops=lambda: self._end(restart)
        ):
            await self._say(type="connection_ack")
            while True:
                await self._hear(await self._message())

    async def _initialisation(self) -> dict[str, Any]:
        """The payload of connection_init; raises Closing where it does not come first, and in time."""
        try:
            async with asyncio.timeout(self._shared.settings.socket_init_s):
                while (message := await self._message())["type"] != "connection_init":
                    if message["type"] == "subscribe":
                        raise Closing(Close.NOT_INITIALISED, "Say connection_init first.")
                    await self._hear(message)
        except TimeoutError:
            raise Closing(Close.INITIALISATION_TIMED_OUT, "connection_init did not come in time.") from None
        return message.get("payload") or {}

    async def _signed_in(self, initialisation: dict[str, Any]) -> SignedIn | None:
        """Who the token in the payload stands for; raises Closing, and where there is trouble, to try again later."""
        try:
            self._token = bearer(initialisation.get("authorization"))
            return (await self._judged(self._token)).viewer
        except Unauthenticated as error:
            raise Closing(Close.TOKEN_ENDED, str(error)) from None
        except (Refusal, StoreUnavailable):
            raise Closing(Close.TRY_AGAIN, "Photofeed cannot sign you in right now.") from None

    async def _judged(self, token: str | None) -> OperationContext:
        async with self._shared.door:
            return await self._backend.context(token, self._socket.headers.get("user-agent"), self._request_id)

    async def _message(self) -> dict[str, Any]:
        """The next one, an object with a type; raises Closing for everything else."""
        heard = await self._socket.receive()
        if heard["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(heard.get("code") or 1000)
        try:
            message = parsed((heard.get("text") or "").encode())
        except Refused as refusal:
            raise Closing(Close.BAD_MESSAGE, str(refusal)) from None
        if not isinstance(message, dict) or not isinstance(message.get("payload") or {}, dict):
            raise Closing(Close.BAD_MESSAGE, INVALID)
        return {"type": None, **message}

    async def _hear(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": "ping"}:
                await self._say(type="pong", **({"payload": message["payload"]} if message.get("payload") else {}))
            case {"type": "pong"}:
                pass
            case {"type": "subscribe", "id": str(id), "payload": dict(payload)} if 0 < len(id) <= LONGEST_ID:
                await self._subscribe(id, payload)
            case {"type": "complete", "id": str(id)}:
                if task := self._running.pop(id, None):
                    task.cancel()
            case {"type": "connection_init"}:
                raise Closing(Close.INITIALISED_TWICE, "Too many initialisation requests.")
            case _:
                raise Closing(Close.BAD_MESSAGE, INVALID)

    async def _subscribe(self, id: str, payload: dict[str, Any]) -> None:
        if id in self._running:
            raise Closing(Close.ID_IN_USE, "An operation with this id runs already.")
        try:
            request = checked(payload)
        except Refused as refusal:
            raise Closing(Close.BAD_MESSAGE, str(refusal)) from None
        most = self._shared.settings.socket_operations
        if len(self._running) < most:
            self._running[id] = self._begin(partial(self._operate, id, request))
        else:
            too_costly = TooCostly(f"A socket runs at most {most} operations at once.", cost=most + 1, limit=most)
            await self._say(id=id, type="error", payload=refused(too_costly).errors)

    async def _operate(self, id: str, request: GraphQLRequest) -> None:
        operation = SocketOperation(id, self._shared, self._request_id, self._context, self._outgoing.send)
        last = await operation.run(request)
        self._running.pop(id, None)  # the client may use the id again as soon as it has heard
        await self._outgoing.send(last)

    async def _context(self, operation: Operation) -> OperationContext:
        try:
            return await self._judged(None if operation.signs_in else self._token)
        except Unauthenticated as error:
            raise Closing(Close.TOKEN_ENDED, str(error)) from None

    # ------------------------------------------------------------------ what the server says

    async def _say(self, **message: Any) -> None:
        await self._outgoing.send(orjson.dumps(message))

    async def _write(self, message: bytes) -> None:
        await self._socket.send({"type": "websocket.send", "text": message.decode()})
