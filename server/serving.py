"""The API as a process: uvicorn over a socket."""

import socket

import uvicorn

from server import logs
from server.app import create_app
from server.listening import address, listener
from settings import Settings

WEBSOCKET_MESSAGE_BYTES = 64 * 1024  # an operation with its variables; uvicorn's own limit is 16 MiB


def serve(settings: Settings, *, fd: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then finish what runs, within `shutdown_grace_s`. Raises CannotListen.

    `fd` is a socket that already listens, from a parent process.
    """
    logs.configure(settings.log_format)
    listening = listener(settings.host, settings.port) if fd is None else socket.socket(fileno=fd)
    config = uvicorn.Config(
        create_app(settings),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=WEBSOCKET_MESSAGE_BYTES,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_grace_s,
    )
    print(f"Photofeed listens on {address(listening)}", flush=True)
    uvicorn.Server(config).run(sockets=[listening])
