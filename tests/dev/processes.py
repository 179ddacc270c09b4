"""Looking at processes from outside."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import psutil

from server import cli
from tests.patience import PATIENCE_S

PROJECT = Path(__file__).parent.parent.parent
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.dev.processes", "wiring", "server.app"])


def photofeed(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A `photofeed` command that has ended; its environment is only what is given.

    It is forked from a process that has imported it already: importing takes longer than most commands do.
    """
    _prepare()
    with TemporaryDirectory() as directory:
        said = Path(directory, "stdout"), Path(directory, "stderr")
        process = _FORKED.Process(target=_run, args=(arguments, environment, said))
        process.start()
        process.join(PATIENCE_S)
        code = process.exitcode
        process.kill()
        assert code is not None, f"photofeed {' '.join(arguments)} goes on and on"
        return subprocess.CompletedProcess(arguments, code, *(each.read_text() for each in said))


@cache
def _prepare() -> None:
    """Start the process that is forked, which knows nothing of our environment either."""
    with patch.dict(os.environ, clear=True):
        forkserver.ensure_running()


def _run(arguments: Sequence[str], environment: Mapping[str, str], said: Sequence[Path]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(PROJECT)
    for number, path in enumerate(said, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["photofeed", *arguments]
    cli.main()


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
