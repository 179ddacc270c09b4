"""Ports that nobody listens on."""

import random
import socket

# Below Linux' ephemeral ports (32768), which outgoing connections take at any moment. SeaweedFS also listens
# on each of its ports + GRPC_OFFSET, so the first of the two ranges must not overlap the second.
FIRST, LAST, GRPC_OFFSET = 12_000, 21_999, 10_000


def free_ports(count: int) -> list[int]:
    """Different ports of 127.0.0.1, each free, as is the one GRPC_OFFSET above it.

    Free when asked: somebody may be quicker than who binds it.
    """
    candidates = random.sample(range(FIRST, LAST + 1), LAST + 1 - FIRST)
    free = (port for port in candidates if _is_free(port) and _is_free(port + GRPC_OFFSET))
    return [next(free) for _ in range(count)]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
