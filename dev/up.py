"""`photofeed up`: the servers, the demo's people, the API and the worker, until Ctrl-C."""

import asyncio
import http.client
import os
import shlex
import signal
import socket
import time
from asyncio import CancelledError, Event
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from rich.console import Console, RenderableType

from dev.children import Child, end_left_children
from dev.embedded import EmbeddedServers, Server, running
from dev.greeting import greeting
from dev.home import CannotStart, kept_secret, locked, opened, write_secretly
from dev.preparation import Preparation
from server.listening import address, listener
from settings import Settings

HOST = "127.0.0.1"
DEMO_LOGIN = "ana"
VAPID_CONTACT = "mailto:somebody@photofeed.example"
READY_TIMEOUT_S = 60.0
KILLED_AFTER_S = 5.0  # past the grace that the child gives to its requests or jobs
WATCH_EVERY_S, POLL_S, POLL_TIMEOUT_S = 0.5, 0.05, 2.0
ECHO_S = 0.5  # `make` and `timeout` pass on a signal that the whole group has got already
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(home: Path, port: int) -> None:
    """Run everything; returns once asked to stop, by Ctrl-C, SIGTERM or SIGHUP, with nothing left running.

    Raises CannotStart and CannotListen, each with a line for the person at the terminal.
    """
    home = opened(home)
    with _stopped_by_signals(), locked(home) as lock, closing(listener(HOST, port)) as listening:
        lock.tell(address(listening))
        end_left_children(home)
        preparation = Preparation(home)
        say("Starting Postgres, Valkey and SeaweedFS ...")
        with running(home) as servers:
            settings = _settings(home, servers)
            preparation.make(settings, DEMO_LOGIN, kept_secret(home, "demo_password"))
            say("Starting the API and the worker ...")
            try:
                asyncio.run(_serve(home, servers, settings, listening))
            finally:
                _interrupted_by_signals()  # the event loop has taken them back


def say(what: RenderableType) -> None:
    """A terminal that is gone stops nothing."""
    with suppress(OSError):
        Console(highlight=False, markup=False, soft_wrap=isinstance(what, str)).print(what)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    _interrupted_by_signals()
    with suppress(KeyboardInterrupt, CancelledError):
        yield


def _interrupted_by_signals() -> None:
    """Outside of the event loop they are all KeyboardInterrupts, which end what they hit and unwind the rest."""
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)


def _settings(home: Path, servers: EmbeddedServers) -> Settings:
    """Ours, and by our environment our children's; the addresses also lie in the home, for other commands."""
    addresses = {
        **servers.environment,
        "PHOTOFEED_SECRET_KEY": kept_secret(home, "secret_key"),
        "PHOTOFEED_VAPID_PRIVATE_KEY": kept_secret(home, "vapid_private_key", _new_vapid_key),
        "PHOTOFEED_VAPID_CONTACT": VAPID_CONTACT,
    }
    exports = [f"export {name}={shlex.quote(value)}\n" for name, value in addresses.items()]
    write_secretly(home / "secrets" / "environment", "".join(exports))
    sign_in = {
        "PHOTOFEED_GRAPHIQL_LOGIN": DEMO_LOGIN,
        "PHOTOFEED_GRAPHIQL_PASSWORD": kept_secret(home, "demo_password"),
    }
    os.environ.update({"PHOTOFEED_LOG_FORMAT": "console", **os.environ, **addresses, **sign_in})
    return Settings.model_validate({})


def _new_vapid_key() -> str:
    from stores.vapid import new_private_key

    return new_private_key()


async def _serve(home: Path, servers: EmbeddedServers, settings: Settings, listening: socket.socket) -> None:
    """Until cancelled, by the first signal; the second one hurries."""
    hurry = _cancelled_by_signals()
    grace_s = settings.shutdown_grace_s + KILLED_AFTER_S
    fd = listening.fileno()
    api = Child("api", home, say, hurry, grace_s, options=["--fd", str(fd)], fds=[fd])
    worker = Child("worker", home, say, hurry, grace_s)
    tasks = [asyncio.create_task(work) for work in (api.supervise(), worker.supervise(), _revive(servers.all))]
    try:
        await _ready(listening)
        say(greeting(address(listening), DEMO_LOGIN, kept_secret(home, "demo_password"), home))
        await asyncio.wait(tasks)  # unlike gather, it does not cancel them: that is done once, below
    finally:
        listening.close()
        say("Stopping ...")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _cancelled_by_signals() -> Event:
    """The first signal cancels the task that calls this; a later one sets the event."""
    loop, task, hurry = asyncio.get_running_loop(), asyncio.current_task(), Event()
    assert task is not None

    def stop() -> None:
        if not task.cancelling():
            task.cancel()
            loop.call_later(ECHO_S, ready_to_hurry.set)
        elif ready_to_hurry.is_set():
            hurry.set()

    ready_to_hurry = Event()

    for number in STOPPING:
        loop.add_signal_handler(number, stop)
    return hurry


async def _ready(listening: socket.socket) -> None:
    """Wait until the API says so. Raises CannotStart."""
    port = listening.getsockname()[1]
    deadline = time.monotonic() + READY_TIMEOUT_S
    while not await asyncio.to_thread(_is_ready, port):
        if time.monotonic() > deadline:
            raise CannotStart(f"the API is not ready after {READY_TIMEOUT_S:.0f} s; the logs say why.")
        await asyncio.sleep(POLL_S)


def _is_ready(port: int) -> bool:
    with closing(http.client.HTTPConnection(HOST, port, timeout=POLL_TIMEOUT_S)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


async def _revive(servers: Sequence[Server]) -> None:
    """Start a server again that has died, on the same port: the API and the worker find it there."""
    while True:
        for server in servers:
            if not server.runs:
                say(f"{server.name} has died, starts again.")
                with suppress(CannotStart):  # next time, then
                    server.start()
        await asyncio.sleep(WATCH_EVERY_S)
