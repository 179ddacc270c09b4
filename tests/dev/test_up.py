"""`photofeed up` in a process of its own, on a home of its own. The demo's people have tests of their own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from dev.embedded.nobody import discard_outside
from server.listening import listener
from tests.dev.processes import PROJECT, photofeed, that_name, within

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
    with _up(home) as (process, _, first):
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
        assert not that_name(home)
    with _up(home) as (process, _, second):
        assert re.findall("password .*", second) == re.findall("password .*", first)
        process.send_signal(signal.SIGHUP)
        assert process.wait(40) == 0
        assert not that_name(home)


def test_a_second_start_on_the_same_home_says_that_it_runs(home: Path) -> None:
    with _up(home) as (process, address, _):
        second = photofeed("up", PHOTOFEED_HOME=str(home), PHOTOFEED_PORT="0")
        assert second.returncode == 1
        assert second.stderr == f"photofeed: Photofeed already runs from {home}: {address}, process {process.pid}.\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def test_what_dies_is_started_again(home: Path) -> None:
    with _up(home) as (_, address, _):
        killed = [*_children(home), *(process for process in that_name(home) if process.name() == "valkey-server")]
        assert len(killed) == 3
        for process in killed:
            process.kill()
        with urllib.request.urlopen(f"{address}/readyz", timeout=30) as reply:  # it waits for the new process
            assert reply.status == 200
        assert within(30, lambda: len(_children(home)) == 2)


def test_a_port_in_use_is_told_in_one_line_and_starts_nothing(home: Path) -> None:
    with listener("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        refused = photofeed("up", PHOTOFEED_HOME=str(home), PHOTOFEED_PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"photofeed: cannot listen on 127.0.0.1, port {port}: Address already in use.")
    assert refused.stderr.count("\n") == 1
    assert not (home / "postgres").exists()


def _children(home: Path) -> list[psutil.Process]:
    """The API and the worker."""
    return [process for process in that_name(home) if "server.cli" in process.cmdline()]


@contextmanager
def _up(home: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process, the API's address, and what it said until it was ready."""
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
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert address, said
            yield process, address[0], said
        finally:
            process.terminate()
            process.wait(40)
            assert within(5, lambda: not that_name(home))
