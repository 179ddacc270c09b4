"""uvicorn's WebSocket, for clients that flood it or stop reading.

uvicorn answers pings without looking whether the client reads, sends a close frame only after all that waits before it,
and then waits for as long as the client's kernel lives.
"""

import logging
from typing import Any, ClassVar

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from server.closing import Close
from settings import Settings

WINDOW_S = 10.0
GIVE_UP_AFTER_S = 5.0  # for a last close frame to leave

quiet = logging.getLogger("uvicorn.error.websocket")
quiet.setLevel(logging.WARNING)  # the access log has a line for each socket


class BoundedWebSocket(WebSocketsSansIOProtocol):
    frames_most: ClassVar[int]  # in WINDOW_S

    def __init__(self, *given: Any, **named: Any) -> None:  # uvicorn's own
        super().__init__(*given, **named)
        self.logger = self.conn.logger = quiet
        self._frames, self._window_ends = 0, 0.0

    def handle_text(self, event: Frame) -> None:
        if self._allowed():
            super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        if self._allowed():
            super().handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        if self._allowed():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self._allowed():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._allowed():
            super().handle_pong(event)

    async def send(self, message: ASGISendEvent) -> None:
        is_close = message["type"] == "websocket.close"
        if is_close:
            self.writable.set()  # nothing follows a close frame, so it need not wait until the client reads
        await super().send(message)
        if is_close:
            self._give_up_later()
        elif message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # a refusal; uvicorn would log an error for it

    def shutdown(self) -> None:
        super().shutdown()
        self._give_up_later()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def _allowed(self) -> bool:
        """Counts a frame; closes the socket at the first one too many. False once the socket is being closed."""
        now = self.loop.time()
        if now >= self._window_ends:
            self._frames, self._window_ends = 0, now + WINDOW_S
        self._frames += 1
        if self._frames > self.frames_most and not self.close_sent and not self.transport.is_closing():
            self._flooded()
        return self._frames <= self.frames_most

    def _flooded(self) -> None:
        if not self.handshake_complete:
            return self.transport.abort()  # there is no WebSocket yet to close
        self.conn.fail(Close.FLOOD, "Too many frames.")
        self.handle_parser_exception()  # tells the app, sends the close frame, closes
        return self._give_up_later()

    def _give_up_later(self) -> None:
        self.loop.call_later(GIVE_UP_AFTER_S, self.transport.abort)


def bounded(settings: Settings) -> type[BoundedWebSocket]:
    """The protocol for uvicorn to make its WebSockets of."""
    return type("BoundedWebSocket", (BoundedWebSocket,), {"frames_most": settings.socket_frames})
