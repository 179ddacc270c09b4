"""Names that mean what a test wants."""

import socket
from typing import Any

import pytest


def name_means(monkeypatch: pytest.MonkeyPatch, name: str, *addresses: str) -> None:
    """Have lookups of a name give these addresses."""
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *given: Any, **options: Any) -> Any:
        if host != name:
            return real(host, port, *given, **options)
        return [entry for address in addresses for entry in real(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
