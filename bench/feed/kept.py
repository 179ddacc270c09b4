"""Postgres, Redis and an object store whose data are kept for the next run, and pinned to a core."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from bench.running import configure
from dev import embedded
from dev.embedded import EmbeddedServers
from dev.home import locked, opened

POSTGRES = {
    "autovacuum": "off",  # it would run now and then; what is loaded is vacuumed once
    "fsync": "off",  # the data are nobody's but a bench's
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "maintenance_work_mem": "256MB",
    "shared_buffers": "1GB",  # both databases' hot pages
    "random_page_cost": "1.1",
    "jit": "off",
}
PEERS_DATABASE, PEERS_REDIS = "peers", 1


@contextmanager
def servers(home: Path) -> Iterator[EmbeddedServers]:
    """Of one Postgres both databases, of one Redis both numbers. Raises CannotStart."""
    with locked(opened(home)), embedded.running(home) as running:
        configure(running, POSTGRES)
        yield running


def peers_database_url(servers: EmbeddedServers) -> str:
    return urlsplit(servers.database_url)._replace(path=f"/{PEERS_DATABASE}").geturl()


def peers_redis_url(servers: EmbeddedServers) -> str:
    return urlsplit(servers.redis_url)._replace(path=f"/{PEERS_REDIS}").geturl()


def pin(pid: int, core: int) -> None:
    """A process, its threads and its children."""
    process = psutil.Process(pid)
    for each in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess, ProcessLookupError):  # it has ended meanwhile
            for thread in each.threads():
                os.sched_setaffinity(thread.id, {core})


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started meanwhile runs there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
