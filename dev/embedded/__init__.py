"""Real servers on loopback, without root and without downloads: Postgres, Valkey (a Redis) and SeaweedFS (an S3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dev.embedded.postgres import Postgres
from dev.embedded.seaweedfs import SeaweedFS
from dev.embedded.server import Server
from dev.embedded.valkey import Valkey
from dev.home import opened

__all__ = ["EmbeddedServers", "Server", "running"]


@dataclass(frozen=True)
class EmbeddedServers:
    """Where they are, and the servers themselves, which a test may stop, kill and start again."""

    postgres: Server
    valkey: Server
    seaweedfs: Server
    database_url: str
    redis_url: str
    s3_endpoint_url: str
    s3_access_key: str
    s3_secret_key: str

    @property
    def all(self) -> tuple[Server, Server, Server]:
        return self.postgres, self.valkey, self.seaweedfs

    @property
    def environment(self) -> dict[str, str]:
        """The settings that say where they are, as `settings.py` reads them."""
        return {
            "PHOTOFEED_DATABASE_URL": self.database_url,
            "PHOTOFEED_REDIS_URL": self.redis_url,
            "PHOTOFEED_S3_ENDPOINT_URL": self.s3_endpoint_url,
            "PHOTOFEED_S3_ACCESS_KEY": self.s3_access_key,
            "PHOTOFEED_S3_SECRET_KEY": self.s3_secret_key,
        }


@contextmanager
def running(home: Path, *, fast: bool = False, kept: bool = True) -> Iterator[EmbeddedServers]:
    """The three servers, with their data under `home`, which nobody else may be using (`dev.home.locked`).

    On Linux they also end with the calling thread, however that ends. What is not `kept` leaves nothing outside of
    `home`, which the caller then deletes. `fast` is for tests: not kept, and lost in a power cut. Raises CannotStart.
    """
    home = opened(home)
    postgres = Postgres(home, fast=fast, kept=kept and not fast)
    valkey, seaweedfs = Valkey(home), SeaweedFS(home, fast=fast)
    # Postgres last: it is the one that takes time before it is launched, to make the first database.
    servers = [Server(program, _log(home, program.name)) for program in (seaweedfs, valkey, postgres)]
    try:
        for server in servers:
            server.launch()
        for server in servers:
            server.wait_until_it_answers()
        yield EmbeddedServers(
            postgres=servers[2],
            valkey=servers[1],
            seaweedfs=servers[0],
            database_url=postgres.url,
            redis_url=valkey.url,
            s3_endpoint_url=seaweedfs.endpoint_url,
            s3_access_key=seaweedfs.access_key,
            s3_secret_key=seaweedfs.secret_key,
        )
    finally:
        _stop(servers)


def _log(home: Path, name: str) -> Path:
    """An empty one: it tells of this run."""
    log = home / "logs" / f"{name.lower()}.log"
    log.write_bytes(b"")
    return log


def _stop(servers: list[Server]) -> None:
    for server in servers:
        server.ask_to_stop()
    for server in servers:
        server.stop()
        server.tidy()
