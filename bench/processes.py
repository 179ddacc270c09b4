"""Real `photofeed` processes that may be killed."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, TypeVar

from pydantic import SecretStr

from dev.embedded.processes import Command
from settings import Settings

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 30.0
TREE = Path(__file__).parent.parent


class Process:
    """`photofeed <command>`. Knows only the settings that differ from the defaults."""

    command: ClassVar[str]
    ready: ClassVar[bytes]
    """What its log has once it works."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.log = log
        self._command = Command(
            [sys.executable, "-m", "server.cli", self.command],
            directory=TREE,
            environment=environment(settings),
            orphan_ends_by=signal.SIGKILL,
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Wait until it works."""
        with self.log.open("wb") as log:
            self.process = self._command.start(log)
        deadline = time.monotonic() + START_TIMEOUT_S
        while self.ready not in self.log.read_bytes():
            if not self.runs or time.monotonic() > deadline:
                raise RuntimeError(f"no {self.command}: {self.log.read_text()}")
            time.sleep(0.01)

    @property
    def pid(self) -> int:
        """Of the process that was started."""
        assert self.process is not None
        return self.process.pid

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """kill -9: what it was doing is left as it is."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """In order; by force after STOP_TIMEOUT_S."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()


class Worker(Process):
    command = "worker"
    ready = b"worker_started"


class Api(Process):
    command = "api"
    ready = b"Photofeed listens on http"

    @property
    def port(self) -> int:
        """On 127.0.0.1."""
        told = next(line for line in self.log.read_bytes().splitlines() if line.startswith(self.ready))
        return int(told.rpartition(b":")[2])


P = TypeVar("P", bound=Process)


@contextmanager
def started(process: P) -> Iterator[P]:
    """It is gone at the end."""
    try:
        process.start()
        yield process
    finally:
        process.stop()


def environment(settings: Settings) -> dict[str, str]:
    """The variables that say what these settings say."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    return {f"PHOTOFEED_{name}".upper(): _text(value) for name, value in given.items() if value is not None}


def _text(value: object) -> str:
    """As `Settings` reads it."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return json.dumps(value) if isinstance(value, list) else str(value)
