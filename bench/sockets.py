"""Subscribers over WebSocket that cost little: of the machine's cores the API is to have as much as it can."""

import asyncio
from collections.abc import Mapping
from time import perf_counter
from typing import cast

import orjson

HANDSHAKE = b"\r\n".join(
    (
        b"GET /graphql HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Connection: Upgrade",
        b"Upgrade: websocket",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        b"Sec-WebSocket-Protocol: graphql-transport-ws",
        b"",
        b"",
    )
)
TEXT, PING, PONG = 1, 9, 10  # opcodes of RFC 6455, 5.2


class Subscriber(asyncio.Protocol):
    """One socket with one subscription. `heard_at`: when each event came, by the clock of `perf_counter`."""

    def __init__(self, token: str, query: str, variables: Mapping[str, object]) -> None:
        self.heard_at: list[float] = []
        self.is_acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        initialisation = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
        subscribing = {"type": "subscribe", "id": "1", "payload": {"query": query, "variables": variables}}
        self._initialisation, self._subscribing = orjson.dumps(initialisation), orjson.dumps(subscribing)
        self.is_lost = self._is_upgraded = False
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(HANDSHAKE)

    def connection_lost(self, _: Exception | None) -> None:
        self.is_lost = True
        if not self.is_acknowledged.done():
            self.is_acknowledged.set_exception(ConnectionError("The server closed the socket."))

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if not self._is_upgraded:
            head, end, rest = self._unread.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head[:20]:
                raise ConnectionError(head.decode())
            self._is_upgraded, self._unread = True, rest
            self._say(self._initialisation)
        while frame := self._taken():
            self._hear(*frame)

    def close(self) -> None:
        self._transport.abort()

    def _hear(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self._say(payload, opcode=PONG)
        elif b'"type":"next"' in payload:
            self.heard_at.append(perf_counter())
        elif b'"connection_ack"' in payload:
            self._say(self._subscribing)
            self.is_acknowledged.set_result(None)
        else:
            raise ConnectionError(payload)

    def _taken(self) -> tuple[int, bytes] | None:
        """The next frame, where all of it has come: opcode and payload. The server sends none longer than 64 KiB."""
        if len(self._unread) < 4 and (len(self._unread) < 2 or self._unread[1]):
            return None
        begin, length = 2, self._unread[1]
        if length == 126:
            begin, length = 4, int.from_bytes(self._unread[2:4], "big")
        if len(self._unread) < begin + length:
            return None
        frame = self._unread[0] & 15, self._unread[begin : begin + length]
        self._unread = self._unread[begin + length :]
        return frame

    def _say(self, payload: bytes, *, opcode: int = TEXT) -> None:
        """As one frame, masked with zeros: RFC 6455, 5.3, wants a mask."""
        short = len(payload) < 126
        length = bytes((128 | len(payload),)) if short else bytes((128 | 126,)) + len(payload).to_bytes(2, "big")
        self._transport.write(bytes((128 | opcode,)) + length + bytes(4) + payload)


async def subscribed(port: int, token: str, query: str, variables: Mapping[str, object]) -> Subscriber:
    """To 127.0.0.1. When the server begins to follow nobody tells: with a cursor, nothing is missed meanwhile."""
    _, one = await asyncio.get_running_loop().create_connection(
        lambda: Subscriber(token, query, variables), "127.0.0.1", port
    )
    await one.is_acknowledged
    return one
