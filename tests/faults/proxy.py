"""A TCP proxy on loopback that delays what passes, holds it up, or cuts connections in the middle of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count

READ_BYTES = 65_536


class Proxy:
    """`to_ports`: connections go to them in turn. `delay_s`: asked for every piece that passes. `allowance`: asked for
    every connection, after how many bytes, in both directions together, it is cut; None is never."""

    def __init__(self, *to_ports: int) -> None:
        self.to_ports = list(to_ports)
        self._turns = count()
        self._passing = asyncio.Event()
        self._passing.set()
        self._connections: set[asyncio.Task[None]] = set()
        self.delay_s: Callable[[], float] = lambda: 0.0
        self.allowance: Callable[[], int | None] = lambda: None
        self.cuts = 0

    def stall(self) -> None:
        """Let nothing pass, and keep every connection."""
        self._passing.clear()

    def resume(self) -> None:
        self._passing.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        with suppress(OSError, asyncio.CancelledError):
            await self._connect(reader, writer)
        writer.transport.abort()
        self._connections.discard(task)

    async def cut(self) -> None:
        """All connections that there are."""
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_connection("127.0.0.1", self._next_port())
        left = Allowance(self.allowance())
        pumps = [asyncio.create_task(self._pump(*way, left)) for way in ((reader, requests), (answers, writer))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.cuts += left.is_used_up
            for pump in pumps:
                pump.cancel()
            requests.transport.abort()  # before anything is awaited: there may be cancelled meanwhile
            await asyncio.gather(*pumps, return_exceptions=True)

    def _next_port(self) -> int:
        return self.to_ports[next(self._turns) % len(self.to_ports)]

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, left: "Allowance") -> None:
        while piece := left.taken(await source.read(READ_BYTES)):
            await asyncio.sleep(self.delay_s())
            await self._passing.wait()
            sink.write(piece)
            await sink.drain()
            if left.is_used_up:
                return


class Allowance:
    def __init__(self, most: int | None) -> None:
        self._left = most

    @property
    def is_used_up(self) -> bool:
        return self._left == 0

    def taken(self, piece: bytes) -> bytes:
        """What of a piece may pass."""
        if self._left is None:
            return piece
        passing = piece[: self._left]
        self._left -= len(passing)
        return passing


@asynccontextmanager
async def proxy(*to_ports: int) -> AsyncIterator[tuple[Proxy, int]]:
    """With the port that it listens on."""
    proxying = Proxy(*to_ports)
    server = await asyncio.start_server(proxying.serve, "127.0.0.1", 0)
    try:
        yield proxying, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await proxying.cut()
