"""A client of graphql-transport-ws that says exactly what a test wants said."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.patience import PATIENCE_S

PROTOCOL = Subprotocol("graphql-transport-ws")


@dataclass
class Talk:
    socket: ClientConnection

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def subscribe(self, id: str, query: str, **variables: Any) -> None:
        await self.say(id=id, type="subscribe", payload={"query": query, "variables": variables})

    async def hear(self) -> Any:
        return json.loads(await self.socket.recv())

    async def ticks(self, count: int) -> list[str]:
        """The cursors of the next events, which must all be ticks."""
        return [(await self.hear())["payload"]["data"]["ticks"]["cursor"] for _ in range(count)]

    async def closed(self) -> int:
        """The code with which the server closes, when all is heard."""
        try:
            while True:
                await self.socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


@asynccontextmanager
async def connected(address: str, **options: Any) -> AsyncIterator[Talk]:
    """Nothing has been said. `address` is a WebSocket's."""
    given = {"subprotocols": [PROTOCOL], "max_size": None, "proxy": None, "open_timeout": PATIENCE_S, **options}
    async with connect(address, **given) as socket:
        yield Talk(socket)


@asynccontextmanager
async def talking(address: str, *, token: str | None = "good", **options: Any) -> AsyncIterator[Talk]:
    """The server has acknowledged."""
    async with connected(address, **options) as talk:
        await talk.say(type="connection_init", payload={"authorization": f"Bearer {token}"} if token else {})
        assert await talk.hear() == {"type": "connection_ack"}
        yield talk
