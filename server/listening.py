"""The socket that the API listens on."""

import socket

SEND_BUFFER_BYTES = 128 * 1024
"""Linux doubles it. Its own choice grows to 4 MiB for each client that does not read."""


ADVICE = "PHOTOFEED_PORT sets another port (0: any free one)."


class CannotListen(Exception):
    """Its text says where and why."""


def listener(host: str, port: int, *, advice: str = ADVICE) -> socket.socket:
    """Bound and listening; port 0 takes a free one. Raises CannotListen."""
    try:
        return socket.create_server((host, port), family=_family(host))
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # Python adds the address once more
        raise CannotListen(f"cannot listen on {host}, port {port}: {reason}. {advice}") from error


def shared(host: str, port: int) -> socket.socket:
    """Bound, not listening: the kernel deals the port's connections out to those of its sockets that listen.

    One socket that several processes accept from would give most connections to whichever wakes first.
    """
    sharing = socket.socket(_family(host))
    sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sharing.bind((host, port))
    return sharing


def bound(listening: socket.socket, *, stalled_s: int) -> None:
    """Let the connections that it accepts hold little, and drop those whose peers take nothing for so long."""
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; elsewhere they last until the peer's kernel is gone
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, stalled_s * 1_000)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
