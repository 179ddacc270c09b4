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

from dev.embedded import EmbeddedServers
from server.listening import listener
from settings import Settings
from tests.dev.processes import PROJECT, command, photofeed, within

SECRET = "a secret of the tests, 32 or more"
COMMANDS = ["up", "api", "worker", "migrate", "seed", "schema", "settings", "vapid", "doctor", "jobs", "feed"]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does(name: str) -> None:
    assert f" {name} " in photofeed("--help").stdout
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


def test_the_doctor_finds_nothing_where_all_is_well(servers: EmbeddedServers, settings: Settings) -> None:
    seen = photofeed("doctor", PHOTOFEED_SECRET_KEY=SECRET, COLUMNS="200", **servers.environment)
    assert seen.returncode == 0, seen.stdout
    assert "fail" not in seen.stdout
    assert settings.s3_media_bucket in seen.stdout


def test_the_doctor_says_what_to_do_about_what_is_down(servers: EmbeddedServers, settings: Settings) -> None:
    down = {
        **servers.environment,
        "PHOTOFEED_REDIS_URL": "redis://127.0.0.1:1/0",
        "PHOTOFEED_S3_UPLOAD_BUCKET": "absent",
    }
    seen = photofeed("doctor", PHOTOFEED_SECRET_KEY=SECRET, COLUMNS="200", **down)
    assert seen.returncode == 1
    assert "correct PHOTOFEED_REDIS_URL" in seen.stdout
    assert "no bucket absent" in seen.stdout
    assert seen.stdout.count("│ fail") == 3  # Redis for both of its tasks


def test_the_api_says_which_free_port_it_took(servers: EmbeddedServers, settings: Settings, tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    with _running("api", log, PHOTOFEED_SECRET_KEY=SECRET, PHOTOFEED_PORT="0", **servers.environment) as api:
        assert within(30, lambda: "listens on" in log.read_text()), log.read_text()
        [address] = re.findall(r"Photofeed listens on (\S+)", log.read_text())
        with urllib.request.urlopen(f"{address}/readyz", timeout=30) as reply:
            assert reply.status == 200
            assert reply.headers["server"] is None
        api.terminate()
        assert api.wait(30) == -signal.SIGTERM


def test_a_taken_port_is_told_in_one_line(servers: EmbeddedServers) -> None:
    with listener("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        refused = photofeed("api", PHOTOFEED_SECRET_KEY=SECRET, PHOTOFEED_PORT=port, **servers.environment)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"photofeed: cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "PHOTOFEED_PORT sets another port (0: any free one).\n"
    )


def test_the_worker_stops_when_asked(servers: EmbeddedServers, settings: Settings, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with _running("worker", log, PHOTOFEED_SECRET_KEY=SECRET, **servers.environment) as worker:
        assert within(30, lambda: "worker_started" in log.read_text()), log.read_text()
        worker.terminate()
        assert worker.wait(30) == 0


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
