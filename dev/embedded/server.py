"""One embedded server: started, awaited, stopped; or killed, by a test of faults."""

import subprocess
import time
from pathlib import Path
from typing import Protocol

from dev.embedded.processes import Command, end_leftovers, last_line
from dev.home import CannotStart

START_TIMEOUT_S = 120.0  # Postgres after a crash replays what it had not written yet
STOP_TIMEOUT_S = 15.0
ATTEMPTS = 5  # a port can be taken between choosing and binding it
POLL_S = 0.01


class Program(Protocol):
    """What differs between the three."""

    name: str

    def choose_ports(self) -> None: ...

    def command(self) -> Command:
        """How to run it on the chosen ports. Its last argument names the data, and so tells it from all others."""

    def prepare(self) -> None:
        """Make what it needs on disk."""

    def answers(self, pid: int) -> bool:
        """Whether it serves."""

    def tidy(self) -> None:
        """Remove what a stopped one leaves outside of the home and nobody needs."""


class Server:
    """Keeps its ports from the first successful start on, whatever happens to the process."""

    def __init__(self, program: Program, log: Path) -> None:
        self._program = program
        self._log = log
        self._ports_settled = False
        self._process: subprocess.Popen[bytes] | None = None
        program.choose_ports()

    @property
    def name(self) -> str:
        return self._program.name

    @property
    def pid(self) -> int:
        """Of the running process, or of the last one that ran."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until it serves. Raises CannotStart."""
        self.launch()
        self.wait_until_it_answers()

    def launch(self) -> None:
        """Start it without waiting, after ending what an earlier run left behind on the same data."""
        command = self._program.command()
        end_leftovers(Path(command.arguments[0]).name, command.arguments[-1], command.orphan_ends_by)
        self._program.prepare()
        with self._log.open("ab") as log:
            self._process = command.start(log)

    def wait_until_it_answers(self) -> None:
        """Launch it again, on other ports, when it dies. Raises CannotStart."""
        deadline = time.monotonic() + START_TIMEOUT_S
        attempts = 1
        while not self._program.answers(self.pid):
            if time.monotonic() > deadline:
                raise CannotStart(f"{self.name} does not answer after {START_TIMEOUT_S:.0f} s; its log is {self._log}.")
            if not self.runs:
                attempts += 1
                self._launch_again(attempts)
            time.sleep(POLL_S)
        self._ports_settled = True

    def _launch_again(self, attempt: int) -> None:
        if attempt > ATTEMPTS:
            raise CannotStart(f"{self.name} does not start: {last_line(self._log)} (more in {self._log})")
        if not self._ports_settled:
            self._program.choose_ports()
        time.sleep(attempt * 0.1)  # also for what a killed Postgres' children still hold
        self.launch()

    def ask_to_stop(self) -> None:
        if self._process is not None and self.runs:
            self._process.send_signal(self._program.command().ends_by)

    def stop(self) -> None:
        """Stop it in order; by force after STOP_TIMEOUT_S."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def tidy(self) -> None:
        self._program.tidy()

    def kill(self) -> None:
        """kill -9: it gets no chance to write anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
