"""Clients of the API over real HTTP that cost little: of the machine's cores the API is to have as much as it can."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson

LENGTH = b"content-length:"


class ConnectionLost(Exception):
    """Before the answer was there: the request may have been carried out, or not."""


class Connection:
    """One connection, kept alive; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """To 127.0.0.1; raises ConnectionLost where nobody listens."""
        try:
            return cls(*await asyncio.open_connection("127.0.0.1", port))
        except OSError as error:
            raise ConnectionLost from error

    def send(self, request: bytes) -> None:
        self._writer.write(request)

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer, whatever its status; raises ConnectionLost."""
        try:
            self.send(request)
            head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
            length, _, _ = head[head.index(LENGTH) + len(LENGTH) :].partition(b"\r")
            return await self._reader.readexactly(int(length))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise ConnectionLost from error

    def close(self) -> None:
        self._writer.transport.abort()


@asynccontextmanager
async def connected(port: int, count: int) -> AsyncIterator[list[Connection]]:
    """So many connections, closed at the end."""
    connections = [await Connection.open(port) for _ in range(count)]
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()


async def answers(connections: Sequence[Connection], requests: Sequence[bytes]) -> list[bytes]:
    """To these requests, in their order; each connection sends the next one once it has an answer."""
    found = [b""] * len(requests)
    waiting = iter(enumerate(requests))

    async def ask(connection: Connection) -> None:
        for number, request in waiting:
            found[number] = await connection.ask(request)

    await asyncio.gather(*map(ask, connections))
    return found


def request(token: str, query: str, variables: dict[str, Any]) -> bytes:
    """A GraphQL request as HTTP has it. Variables are JSON."""
    body = orjson.dumps({"query": query, "variables": variables})
    head = (
        "POST /graphql HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body
