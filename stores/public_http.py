"""HTTP to hosts that strangers name: never to an address inside, whatever the name, and whatever it meant before."""

import asyncio
import socket
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import AddrInfoType, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from stores.public_addresses import is_public

LOOKUPS_AT_ONCE = 4


class PointsInside(OSError):
    """The address to connect to is not the public's."""


class Names(AbstractResolver):
    """Looks names up on threads of its own, so that names which take long hold up nobody else's."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        look_up = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [
            ResolveResult(hostname=host, host=str(address[0]), port=port, family=its_family, proto=proto, flags=0)
            for its_family, _, proto, _, address in found
        ]

    async def points_inside(self, host: str, *, timeout_s: float) -> bool:
        """Whether one of a host's addresses is not the public's; False where none is found in time."""
        try:
            found = await asyncio.wait_for(self.resolve(host), timeout_s)
        except (OSError, UnicodeError):  # TimeoutError is an OSError
            return False
        return not all(is_public(one["host"]) for one in found)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


@asynccontextmanager
async def session(names: Names, *, timeout_s: float, inside: bool) -> AsyncIterator[ClientSession]:
    """For requests that take at most `timeout_s`, without cookies and proxies; to addresses inside only if `inside`.

    The very address that is connected to is judged, so that a name which means another one by then is no way around.
    """
    connector = TCPConnector(limit=0, resolver=names, socket_factory=None if inside else _public_socket)
    timeout = ClientTimeout(total=timeout_s)
    async with ClientSession(connector=connector, timeout=timeout, cookie_jar=DummyCookieJar()) as http:
        yield http


def _public_socket(found: AddrInfoType) -> socket.socket:
    family, kind, proto, _, address = found
    if not is_public(str(address[0])):
        raise PointsInside(f"{address[0]} is not public")
    return socket.socket(family, kind, proto)
