"""Looking at processes from outside."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

PROJECT = Path(__file__).parent.parent.parent


def photofeed(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A `photofeed` command that has ended; its environment is only what is given."""
    return subprocess.run(
        command(*arguments), env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "server.cli", *arguments]


def that_name(path: Path) -> list[psutil.Process]:
    """The living processes that have this path in their command line."""
    return [process for process in psutil.process_iter() if _names(process, str(path))]


def within(seconds: float, condition: Callable[[], object]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _names(process: psutil.Process, path: str) -> bool:
    try:
        return any(path in argument for argument in process.cmdline())
    except psutil.Error:
        return False
