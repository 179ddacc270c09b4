"""`photofeed api --workers N`: several processes behind one port."""

import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from dev.embedded.ports import free_ports
from server.listening import CannotListen, listener
from tests.dev.processes import PROJECT, command, photofeed, within
from tests.patience import PATIENCE_S


@dataclass
class Workers:
    """Two of them, as seen from outside."""

    parent: psutil.Process
    log: Path
    own_ports: range

    @property
    def shared(self) -> str:
        [address] = re.findall(r"Photofeed listens on (\S+)", self.log.read_text())
        return str(address)

    @property
    def pids(self) -> set[int]:
        return {child.pid for child in self.parent.children()}

    @property
    def all_serve(self) -> bool:
        return all(answered(f"http://127.0.0.1:{port}/healthz") for port in self.own_ports)

    def served(self) -> list[float]:
        """How many requests for the API's health each has answered."""
        texts = [answered(f"http://127.0.0.1:{port}/metrics") or "" for port in self.own_ports]
        counts = [re.findall(r'http_requests_total{.*route="/readyz",status="200"} (\S+)', text) for text in texts]
        return [float(count[0]) if count else 0.0 for count in counts]


@pytest.fixture
def workers(environment: dict[str, str], tmp_path: Path) -> Iterator[Workers]:
    """Both serve."""
    log, ports = tmp_path / "api.log", free_neighbours()
    with running(log, ports, environment) as process:
        found = Workers(psutil.Process(process.pid), log, ports)
        assert within(PATIENCE_S, lambda: found.all_serve), log.read_text()
        yield found


@contextmanager
def running(log: Path, ports: range, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    options = ["--workers", "2", "--own-ports-from", str(ports[0])]
    needed = {**environment, "PHOTOFEED_PORT": "0"}
    with (
        log.open("wb") as file,
        subprocess.Popen(command("api", *options), env=needed, cwd=PROJECT, stdout=file, stderr=file) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def free_neighbours() -> range:
    """Two free ports, one after the other."""
    return next(range(port, port + 2) for port in free_ports(50) if is_free(port + 1))


def is_free(port: int) -> bool:
    try:
        listener("127.0.0.1", port).close()
    except CannotListen:
        return False
    return True


def answered(url: str) -> str | None:
    """The body of a good answer."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as reply:
            return str(reply.read().decode())
    except OSError:
        return None


def both_serve(workers: Workers) -> bool:
    """Ask once more by the port that they share; whether both have answered there."""
    answered(f"{workers.shared}/readyz")
    return all(workers.served())


def test_all_serve_one_port_and_each_one_of_its_own(workers: Workers) -> None:
    assert len(workers.pids) == 2
    assert within(PATIENCE_S, lambda: both_serve(workers))


def test_the_others_serve_while_one_that_died_is_started_again(workers: Workers) -> None:
    killed, going_on = (psutil.Process(pid) for pid in workers.pids)
    killed.kill()
    killed.wait(PATIENCE_S)  # what connects before it is gone may be dealt out to it
    assert all(answered(f"{workers.shared}/healthz") for _ in range(20))
    assert within(PATIENCE_S, lambda: workers.pids - {killed.pid, going_on.pid} and workers.all_serve)
    assert going_on.is_running()
    assert len(workers.pids) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_end_when_asked(workers: Workers, number: signal.Signals) -> None:
    children = workers.parent.children()
    workers.parent.send_signal(number)
    code = workers.parent.wait(PATIENCE_S)
    assert code == -signal.SIGTERM if number == signal.SIGTERM else code != 0
    assert not any(child.is_running() for child in children)
    assert workers.log.read_text().count("listens on") == 1
    assert "Traceback" not in workers.log.read_text()


def test_none_outlives_a_parent_that_is_killed(workers: Workers) -> None:
    children = workers.parent.children()
    workers.parent.kill()
    _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
    assert not alive


def test_a_taken_port_of_their_own_is_told_in_one_line(environment: dict[str, str]) -> None:
    with listener("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        needed = {**environment, "PHOTOFEED_PORT": "0"}
        refused = photofeed("api", "--workers", "2", "--own-ports-from", port, **needed)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"photofeed: cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "--own-ports-from sets other ports.\n"
    )
