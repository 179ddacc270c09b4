"""A real `photofeed worker`, as a process of its own that may be killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from dev.embedded.processes import Command
from settings import Settings

READY = b"worker_started"
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 30.0
TREE = Path(__file__).parent.parent


class Worker:
    """Knows only the settings that differ from the defaults."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._log = log
        self._command = Command(
            [sys.executable, "-m", "server.cli", "worker"],
            directory=TREE,
            environment=environment(settings),
            orphan_ends_by=signal.SIGKILL,
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Wait until it takes jobs."""
        with self._log.open("wb") as log:
            self.process = self._command.start(log)
        deadline = time.monotonic() + START_TIMEOUT_S
        while READY not in self._log.read_bytes():
            if not self.runs or time.monotonic() > deadline:
                raise RuntimeError(f"no worker: {self._log.read_text()}")
            time.sleep(0.01)

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


@contextmanager
def worker(settings: Settings, log: Path) -> Iterator[Worker]:
    """One that has started; it is gone at the end."""
    running = Worker(settings, log)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def environment(settings: Settings) -> dict[str, str]:
    """The variables that say what these settings say."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    texts = {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in given.items()}
    return {f"PHOTOFEED_{name}".upper(): str(value) for name, value in texts.items() if value is not None}
