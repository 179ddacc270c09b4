"""Child processes that do not outlive the process that started them."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypedDict

import psutil

from server.orphans import end_with_parent

LEFTOVER_GRACE_S = 15.0


class Account(TypedDict, total=False):
    """Whom a program runs as, in `subprocess`' words. Empty: as we do."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Command:
    """How a program is run. Its environment is `environment` and PATH: nothing of ours leaks into it."""

    arguments: Sequence[str]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=lambda: Account())
    ends_by: signal.Signals = signal.SIGTERM
    orphan_ends_by: signal.Signals = signal.SIGTERM

    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start it in a session of its own: a Ctrl-C at the terminal is for us, who end it in order.

        On Linux it ends with the thread that calls this, even when that is killed.
        """
        return subprocess.Popen(
            self.arguments,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.directory,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", **self.environment},
            start_new_session=True,
            preexec_fn=end_with_parent(self.orphan_ends_by),
            **self.account,
        )


def end_leftovers(program: str, argument: str, ends_by: signal.Signals) -> None:
    """End what an earlier run, killed before it could tidy up, left: `program`s whose command line has `argument`.

    The argument names our own data, so nobody else's process is touched.
    """
    left = [process for process in psutil.process_iter(["cmdline"]) if _runs(process, program, argument)]
    for process in left:
        _signal(process, ends_by)
    _, stubborn = psutil.wait_procs(left, timeout=LEFTOVER_GRACE_S)
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=LEFTOVER_GRACE_S)


def _runs(process: psutil.Process, program: str, argument: str) -> bool:
    command: list[str] = process.info["cmdline"] or []
    return bool(command) and Path(command[0]).name == program and argument in command[1:]


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def last_line(log: Path) -> str:
    """Of a log: mostly the reason why who wrote it has ended."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "its log is empty"
