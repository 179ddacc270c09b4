"""The API as a process: uvicorn over a socket."""

import gc
import socket
from collections.abc import Sequence

import uvicorn
from starlette.applications import Starlette

from server import logs
from server.app import create_app
from server.bounded_websocket import bounded
from server.connections import Connections
from server.listening import address, bound, listener
from settings import Settings

WEBSOCKET_MESSAGE_BYTES = 64 * 1024  # an operation with its variables; uvicorn's own limit is 16 MiB


class Server(uvicorn.Server):
    """Ends event streams when it stops; uvicorn would wait for their ends until its patience is over."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self.connections = connections

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.connections.stop()
        await super().shutdown(sockets)


def server(app: Starlette, settings: Settings) -> Server:
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws=bounded(settings),
        ws_max_size=WEBSOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # each socket would keep a compressor, and events are small
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # nothing depends on where a client is
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_grace_s,
    )
    return Server(config, app.state.connections)


def spare_the_loop() -> None:
    """Let the garbage collector leave alone what stays for the life of the process, and look at the rest in parts.

    As Python sets it, it walks over all that 2,000 open sockets hold at each event that they get. A look at the middle
    generation, of 25,000 objects here, takes some 25 ms (`docs/performance.md`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 1_000)


def serve(settings: Settings, *, fds: Sequence[int] = ()) -> None:
    """Serve until SIGTERM or SIGINT, then finish what runs, within `shutdown_grace_s`. Raises CannotListen.

    `fds` are sockets that already listen, from a parent process.
    """
    logs.configure(settings.log_format)
    sockets = [socket.socket(fileno=fd) for fd in fds] or [listener(settings.host, settings.port)]
    for listening in sockets:
        bound(listening, stalled_s=settings.stalled_s)
    print(f"Photofeed listens on {address(sockets[0])}", flush=True)
    app = create_app(settings)
    spare_the_loop()
    server(app, settings).run(sockets=sockets)
