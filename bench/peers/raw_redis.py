"""The least that a Redis client can be: one connection, hiredis' parser, replies in the order of the questions."""

import asyncio
from collections import deque
from typing import Any, Self
from urllib.parse import urlsplit

import hiredis


class RawRedis(asyncio.Protocol):
    def __init__(self) -> None:
        self._reader = hiredis.Reader()
        self._waiting: deque[asyncio.Future[Any]] = deque()

    @classmethod
    async def connect(cls, url: str) -> Self:
        parts, loop = urlsplit(url), asyncio.get_running_loop()
        _, client = await loop.create_connection(cls, parts.hostname, parts.port)
        if parts.password is not None:
            await client.call("AUTH", parts.password)
        await client.call("SELECT", parts.path.removeprefix("/") or "0")
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def call(self, *words: Any) -> "asyncio.Future[Any]":
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(reply)
        self._transport.write(hiredis.pack_command(words))
        return reply

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (given := self._reader.gets()) is not False:
            reply = self._waiting.popleft()
            if reply.done():
                continue
            if isinstance(given, hiredis.ReplyError):
                reply.set_exception(given)
            else:
                reply.set_result(given)
