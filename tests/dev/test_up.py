"""`photofeed up` in a process of its own, on a home of its own. More of it in tests/end_to_end."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dev.embedded.nobody import discard_outside
from server.listening import listener
from tests.dev.processes import PROJECT, photofeed, that_name, within
from tests.patience import PATIENCE_S

WITHOUT_DEMO = """
import sys, types
async def nobody(*_, **__): pass
sys.modules["dev.demo"] = types.SimpleNamespace(fill_if_empty=nobody)
from server.cli import main
main()
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    discard_outside(tmp_path / "home")


def test_signals_stop_everything_and_the_next_start_has_the_data(home: Path) -> None:
    with _up(home) as (process, first):
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
        assert not that_name(home)
    with _up(home) as (process, second):
        assert re.findall("password .*", second) == re.findall("password .*", first)
        process.send_signal(signal.SIGHUP)
        assert process.wait(PATIENCE_S) == 0
        assert not that_name(home)


def test_a_port_in_use_is_told_in_one_line_and_starts_nothing(home: Path) -> None:
    with listener("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        refused = photofeed("up", PHOTOFEED_HOME=str(home), PHOTOFEED_PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"photofeed: cannot listen on 127.0.0.1, port {port}: Address already in use.")
    assert refused.stderr.count("\n") == 1
    assert not (home / "postgres").exists()


@contextmanager
def _up(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and what it said until it was ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", WITHOUT_DEMO, "up"],
        cwd=PROJECT,
        env={**os.environ, "PHOTOFEED_HOME": str(home), "PHOTOFEED_PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if line.startswith("╰"):
                    break
            yield process, said
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
            assert within(PATIENCE_S, lambda: not that_name(home))
