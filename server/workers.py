"""`photofeed api --workers N`: processes that serve one port, started again when they end, stopped together."""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from socket import socket

import structlog

from server import logs
from server.listening import ADVICE, address, listener, shared
from server.orphans import end_with_parent
from settings import Settings

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
STEADY_S = 60.0  # what ran for so long did start well
KILLED_AFTER_S = 5.0  # past the grace that a worker gives to its requests

OWN_PORTS_ADVICE = "--own-ports-from sets other ports."

log = structlog.get_logger()


def serve_by_many(settings: Settings, workers: int, *, own_ports_from: int | None) -> None:
    """Serve until SIGTERM or SIGINT, then end as one process would. Raises CannotListen.

    With `own_ports_from`, each worker also answers on a port of its own: that one, the next one, and so on.
    """
    logs.configure(settings.log_format)
    own = [] if own_ports_from is None else list(range(own_ports_from, own_ports_from + workers))
    with ExitStack() as kept:
        host, first = settings.host, kept.enter_context(_reserved(settings.host, settings.port))
        for port in own:
            kept.enter_context(_reserved(host, port, OWN_PORTS_ADVICE))
        print(f"Photofeed listens on {address(first)}", flush=True)
        common, grace_s = first.getsockname()[1], settings.shutdown_grace_s + KILLED_AFTER_S
        each = [Worker(n + 1, host, [common, *own[n : n + 1]], grace_s) for n in range(workers)]
        ended_by = asyncio.run(_supervised(each))
    signal.raise_signal(ended_by)


def _reserved(host: str, port: int, advice: str = ADVICE) -> socket:
    """Keeps the port for the workers, whose sockets come and go. Raises CannotListen where somebody else has it."""
    with listener(host, port, advice=advice) as alone:
        port = alone.getsockname()[1]
    return shared(host, port)


async def _supervised(workers: Sequence["Worker"]) -> signal.Signals:
    """Keep them all, until the signal that is returned; then none is left."""
    loop, asked = asyncio.get_running_loop(), asyncio.Queue[signal.Signals]()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.put_nowait, number)
    kept = [asyncio.create_task(worker.keep()) for worker in workers]
    try:
        return await asked.get()
    finally:
        for task in kept:
            task.cancel()
        await asyncio.gather(*kept, return_exceptions=True)


@dataclass(frozen=True)
class Worker:
    """One of the processes: `photofeed api`, with sockets that are its own. It gets `grace_s` to stop."""

    number: int
    host: str
    ports: Sequence[int]
    grace_s: float

    async def keep(self) -> None:
        """Run it, and again when it ends, later each time. Cancelled: returns when it is gone."""
        pause_s = FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            how = await self._run()
            if time.monotonic() - began > STEADY_S:
                pause_s = FIRST_PAUSE_S
            log.warning("worker ended", worker=self.number, how=how, starts_again_in_s=pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _run(self) -> str:
        try:
            process = await self._started()
        except OSError as error:
            return f"it cannot start: {error}"
        log.info("worker started", worker=self.number, pid=process.pid)
        try:
            return f"exit code {await process.wait()}"
        finally:
            await self._stop(process)

    async def _started(self) -> Process:
        """It listens once it can answer; its sockets end with it, since nobody else keeps them."""
        with ExitStack() as ours:
            fds = [ours.enter_context(shared(self.host, port)).fileno() for port in self.ports]
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "server.cli", "api", *(f"--fd={fd}" for fd in fds)),
                stdin=DEVNULL,
                stdout=DEVNULL,  # its parent has said already where they listen
                pass_fds=fds,
                preexec_fn=end_with_parent(signal.SIGTERM),
            )

    async def _stop(self, process: Process) -> None:
        if process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self.grace_s)
        except TimeoutError:
            process.kill()
            await process.wait()
