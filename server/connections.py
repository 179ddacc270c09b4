"""The connections that last, WebSockets and event streams: whose token each acts by, and when that must end."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from server.backend import Backend
from services.signing_in import SignedIn

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """How it is ended; calls after the first change nothing."""

    session_id: int | None
    token_ended: Callable[[], None]
    server_stops: Callable[[], None]


class Connections:
    def __init__(self) -> None:
        self._open: set[Connection] = set()

    @contextmanager
    def opened(
        self, viewer: SignedIn | None, *, token_ended: Callable[[], None], server_stops: Callable[[], None]
    ) -> Iterator[None]:
        """One of them is open. `token_ended` is called when the viewer's access token, or his session, has ended."""
        connection = Connection(viewer.session_id if viewer else None, token_ended, server_stops)
        expiry = None
        if viewer is not None:
            left_s = max(0.0, viewer.ends_at - time.time())
            expiry = asyncio.get_running_loop().call_later(left_s, token_ended)
        self._open.add(connection)
        try:
            yield
        finally:
            self._open.discard(connection)
            if expiry is not None:
                expiry.cancel()

    def stop(self) -> None:
        """The server stops: every one is ended, for its client to come back."""
        for connection in list(self._open):
            connection.server_stops()

    async def watch(self, backend: Backend, every_s: float) -> None:
        """End, until cancelled, the connections whose sessions have ended, `every_s` seconds after that at most."""
        while True:
            await asyncio.sleep(every_s)
            try:
                await self._end_revoked(backend)
            except Exception as error:
                log.warning("sessions of open connections not checked", error=repr(error))

    async def _end_revoked(self, backend: Backend) -> None:
        asked = {connection.session_id for connection in self._open if connection.session_id is not None}
        ended = await backend.ended_sessions(list(asked)) if asked else set()
        for connection in [connection for connection in self._open if connection.session_id in ended]:
            connection.token_ended()
