"""The socket that the API listens on."""

import socket


class CannotListen(Exception):
    """Its text says where and why."""


def listener(host: str, port: int) -> socket.socket:
    """Bound and listening; port 0 takes a free one. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # Python adds the address once more
        advice = "PHOTOFEED_PORT sets another port (0: any free one)."
        raise CannotListen(f"cannot listen on {host}, port {port}: {reason}. {advice}") from error


def address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
