"""The home directory: all that a Photofeed started by `photofeed up` keeps, and the lock that makes it the only one.

- `lock`: who runs from here
- `secrets/`: passwords and keys, made once; `environment` has the addresses, for other commands
- `postgres/`, `valkey/`, `objects/`: the data
- `logs/`: of the last run
"""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class CannotStart(Exception):
    """What Photofeed needs and lacks, in one line that is shown to the person who started it."""


class Lock:
    """Held: nobody else runs from this home."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def tell(self, address: str) -> None:
        """Say to a second start who is here, and where."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), "address": address}, self._file)
        self._file.flush()


def opened(home: Path) -> Path:
    """The home's absolute path; made when missing.

    Others may pass through it and not look around: as root, Postgres runs under another account (postgres.py).
    """
    home = home.expanduser().absolute()
    try:
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        for part in ("secrets", "logs"):
            (home / part).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"cannot use {home} as home: {error.strerror}. Set PHOTOFEED_HOME to a place of yours."
        ) from error
    return home


@contextmanager
def locked(home: Path) -> Iterator[Lock]:
    """Be the only one who runs from an opened home, until the end of the block or of the process, however it ends."""
    try:
        with (home / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CannotStart(_who_runs(home, file)) from None
            lock = Lock(file)
            lock.tell("(starting)")
            yield lock
    except PermissionError as error:
        raise CannotStart(f"cannot use {home} as home: it belongs to somebody else.") from error


def _who_runs(home: Path, file: TextIO) -> str:
    file.seek(0)
    try:
        holder = json.load(file)
    except ValueError:  # between its lock and its first word
        holder = {"pid": "unknown", "address": "(starting)"}
    return f"Photofeed already runs from {home}: {holder['address']}, process {holder['pid']}."


def hexadecimal() -> str:
    """A random secret of 32 characters."""
    return secrets.token_hex(16)


def kept_secret(home: Path, name: str, make: Callable[[], str] = hexadecimal) -> str:
    """A secret that is made once: the same at every start, readable by the home's owner alone."""
    path = home / "secrets" / name
    if not path.exists():
        write_secretly(path, make())
    return path.read_text()


def write_secretly(path: Path, text: str) -> None:
    """Write a file of mode 0600, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
