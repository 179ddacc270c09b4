"""GraphQL over WebSocket: the subprotocol graphql-transport-ws of
https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md."""

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from server.answers import PLAIN, Refused
from server.closing import Close
from server.connections import Connections
from server.conversation import Conversation
from server.engine import Engine
from server.headers import RequestHeaders
from server.metrics import Metrics
from server.pacing import Pace
from server.requests import refuse_cross_site
from server.socket_operation import Shared
from settings import Settings

SUBPROTOCOL = "graphql-transport-ws"


class GraphQLOverWebSocket:
    """`answer` is the endpoint. `door` is what tokens pass through while they are judged."""

    def __init__(
        self, engine: Engine, connections: Connections, door: asyncio.Semaphore, settings: Settings, metrics: Metrics
    ) -> None:
        self._shared = Shared(engine, connections, door, settings, metrics)
        self._accepting = Pace(settings.sign_ins_at_once)

    async def answer(self, socket: WebSocket) -> None:
        try:
            refuse_cross_site(RequestHeaders.of(socket.scope), self._shared.settings.cors_origins)
        except Refused as refusal:
            return await socket.send_denial_response(PLAIN.refusal(refusal))
        with self._shared.metrics.socket() as ending:
            try:
                ending["code"] = await self._talk(socket)
            except WebSocketDisconnect as disconnected:
                ending["code"] = disconnected.code

    async def _talk(self, socket: WebSocket) -> int:
        """The code by which it was closed."""
        is_known = SUBPROTOCOL in socket.scope["subprotocols"]
        async with self._accepting:
            await socket.accept(SUBPROTOCOL if is_known else None)
        if is_known:
            return await Conversation(socket, self._shared).run()
        await socket.close(Close.UNKNOWN_SUBPROTOCOL, f"The subprotocol is {SUBPROTOCOL}.")
        return Close.UNKNOWN_SUBPROTOCOL
