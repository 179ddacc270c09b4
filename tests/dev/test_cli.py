"""The command line, as its users meet it."""

import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from graphql import build_schema

from server.listening import listener
from settings import Settings
from tests.dev.processes import PROJECT, command, photofeed, within
from tests.patience import PATIENCE_S

COMMANDS = ["up", "api", "worker", "migrate", "seed", "schema", "settings", "vapid", "doctor", "jobs", "feed"]


def test_all_commands_are_listed() -> None:
    listed = photofeed("--help").stdout
    assert [name for name in COMMANDS if f" {name} " not in listed] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does(name: str) -> None:
    helped = photofeed(name, "--help")
    assert helped.returncode == 0
    assert helped.stderr == ""


@pytest.mark.parametrize("name", ["api", "worker", "migrate", "seed", "doctor"])
def test_missing_settings_are_named_a_line_each(name: str) -> None:
    refused = photofeed(name, PHOTOFEED_SECRET_KEY="short", PHOTOFEED_PORT="many")
    assert refused.returncode == 2
    assert "photofeed: PHOTOFEED_DATABASE_URL: Field required\n" in refused.stderr
    assert "photofeed: PHOTOFEED_PORT: Input should be a valid integer" in refused.stderr
    assert all(line.startswith("photofeed: PHOTOFEED_") for line in refused.stderr.splitlines())


def test_the_printed_schema_is_one() -> None:
    assert build_schema(photofeed("schema").stdout).query_type


def test_the_doctor_finds_nothing_where_all_is_well(environment: dict[str, str], settings: Settings) -> None:
    seen = photofeed("doctor", COLUMNS="200", **environment)
    assert seen.returncode == 0, seen.stdout
    assert "fail" not in seen.stdout
    assert settings.s3_media_bucket in seen.stdout


def test_the_doctor_says_what_to_do_about_what_is_down(environment: dict[str, str]) -> None:
    down = {
        **environment,
        "PHOTOFEED_REDIS_URL": "redis://127.0.0.1:1/0",
        "PHOTOFEED_S3_UPLOAD_BUCKET": "absent",
    }
    seen = photofeed("doctor", COLUMNS="200", **down)
    assert seen.returncode == 1
    assert "correct PHOTOFEED_REDIS_URL" in seen.stdout
    assert "no bucket absent" in seen.stdout
    assert seen.stdout.count("│ fail") == 3  # Redis for both of its tasks


def test_the_api_says_which_free_port_it_took(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    with _running("api", log, PHOTOFEED_PORT="0", **environment) as api:
        assert within(PATIENCE_S, lambda: "listens on" in log.read_text()), log.read_text()
        [address] = re.findall(r"Photofeed listens on (\S+)", log.read_text())
        with urllib.request.urlopen(f"{address}/readyz", timeout=PATIENCE_S) as reply:
            assert reply.status == 200
            assert reply.headers["server"] is None
        api.terminate()
        assert api.wait(PATIENCE_S) == -signal.SIGTERM


def test_a_taken_port_is_told_in_one_line(environment: dict[str, str]) -> None:
    with listener("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        refused = photofeed("api", PHOTOFEED_PORT=port, **environment)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"photofeed: cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "PHOTOFEED_PORT sets another port (0: any free one).\n"
    )


def test_the_worker_stops_when_asked(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with _running("worker", log, **environment) as worker:
        assert within(PATIENCE_S, lambda: "worker_started" in log.read_text()), log.read_text()
        worker.terminate()
        assert worker.wait(PATIENCE_S) == 0


@contextmanager
def _running(name: str, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command that goes on until it is stopped."""
    with (
        log.open("wb") as file,
        subprocess.Popen(command(name), env=environment, cwd=PROJECT, stdout=file, stderr=file) as process,
    ):
        try:
            yield process
        finally:
            process.kill()
