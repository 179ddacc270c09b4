"""The embedded servers, started for real."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import redis

from dev.embedded import EmbeddedServers, running
from dev.embedded.ports import GRPC_OFFSET, free_ports
from tests.dev.processes import PROJECT, that_name, within
from tests.patience import PATIENCE_S


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "home"


@pytest.fixture(scope="module")
def embedded(home: Path) -> Iterator[EmbeddedServers]:
    with running(home, kept=False) as servers:
        yield servers


def test_postgres_is_set_up_as_photofeed_wants_it(embedded: EmbeddedServers) -> None:
    assert _ask(embedded, "select datlocale from pg_database where datname = current_database()") == "C.UTF-8"
    assert _ask(embedded, "show server_encoding") == "UTF8"
    assert _ask(embedded, "show max_connections") == "200"
    assert _ask(embedded, "show shared_preload_libraries") == "pg_stat_statements"
    assert _ask(embedded, "show fsync") == "on"


def test_a_killed_server_comes_back_on_its_port_with_what_it_acknowledged(embedded: EmbeddedServers) -> None:
    _ask(embedded, "create table kept as select 42 as answer")
    embedded.postgres.kill()
    assert not embedded.postgres.runs
    embedded.postgres.start()
    assert _ask(embedded, "select answer from kept") == "42"


def test_postgres_starts_though_its_last_pid_is_somebody_elses_by_now(embedded: EmbeddedServers, home: Path) -> None:
    embedded.postgres.kill()
    lock = home / "postgres" / "postmaster.pid"
    lock.write_text(lock.read_text().replace(str(embedded.postgres.pid), str(os.getpid()), 1))
    embedded.postgres.start()
    assert _ask(embedded, "select 1") == "1"


def test_valkey_comes_back_on_its_port_and_has_kept_nothing(embedded: EmbeddedServers) -> None:
    client = redis.Redis.from_url(embedded.redis_url)
    client.set("kept", "no")
    pid = embedded.valkey.pid
    embedded.valkey.stop()
    embedded.valkey.start()
    assert embedded.valkey.pid != pid
    assert client.get("kept") is None
    client.close()


def test_valkey_asks_for_its_password(embedded: EmbeddedServers) -> None:
    stranger = redis.Redis(port=int(embedded.redis_url.split(":")[-1].removesuffix("/0")))
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()
    stranger.close()


def test_servers_end_with_a_parent_that_is_killed_and_start_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with _in_another_process(home) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "running\n"
        assert that_name(home)
        parent.kill()
    assert within(PATIENCE_S, lambda: not that_name(home))
    with running(home, fast=True) as servers:
        assert _ask(servers, "select 1") == "1"
    assert not that_name(home)


def test_what_a_killed_parent_left_running_is_ended_by_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    survive = "import server.orphans as p; p._libc = None; "  # as where the system does not end orphans
    with _in_another_process(home, survive) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "running\n"
        left = that_name(home)
        parent.kill()
    with running(home, fast=True) as servers:
        assert _ask(servers, "select 1") == "1"
        assert not any(process.is_running() for process in left if process.pid != parent.pid)
    assert not that_name(home)


def test_nothing_stays_in_the_temporary_directory(tmp_path: Path) -> None:
    with running(tmp_path / "home", fast=True) as servers:
        port = int(servers.s3_endpoint_url.rpartition(":")[2])
        assert list(Path("/tmp").glob(f"seaweedfs-s3-{port}.sock"))
    assert not list(Path("/tmp").glob(f"seaweedfs-s3*-{port}.sock"))
    assert not list(Path("/tmp").glob(f"seaweedfs-s3*-{port + GRPC_OFFSET}.sock"))


def test_free_ports_are_different() -> None:
    assert len(set(free_ports(20))) == 20


def _ask(servers: EmbeddedServers, query: str) -> str:
    async def ask() -> str:
        connection = await asyncpg.connect(servers.database_url)
        try:
            return str(await connection.fetchval(query))
        finally:
            await connection.close()

    return asyncio.run(ask())


def _in_another_process(home: Path, first: str = "") -> subprocess.Popen[str]:
    code = first + (
        "import pathlib, sys, time; from dev.embedded import running\n"
        "with running(pathlib.Path(sys.argv[1]), fast=True): print('running', flush=True); time.sleep(60)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(home)], cwd=PROJECT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
