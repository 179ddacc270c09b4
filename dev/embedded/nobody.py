"""Postgres refuses to run as root, so for root it runs as `nobody`: here is what that account needs within its reach.

What lies beneath a directory that only root may enter, such as /root, it cannot get at. Neither opening that directory
to everybody nor giving `nobody` the right to read everything is worth a database: SYSTEM holds what it needs instead.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from dev.embedded.processes import Account
from dev.home import CannotStart

SYSTEM = Path("/var/lib/photofeed")  # only root can write there, so nobody can put a program of his into root's way
DISPOSABLE, OWNER = ".disposable", ".owner"  # data of a test, and the link in the home that they belong to


def account_for_postgres() -> Account:
    """Empty, for our own, unless we are root."""
    if os.geteuid() != 0:
        return Account()
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise CannotStart(
            "as root, Postgres needs an account named nobody, and there is none: run as another user."
        ) from error
    return Account(user=entry.pw_uid, group=entry.pw_gid, extra_groups=[])


def reachable_data(home: Path, *, kept: bool) -> Path:
    """Where the data of this home's Postgres lie: in the home, or else in SYSTEM, where a link in the home points.

    What is not `kept` goes with `discard_outside`, or, where that was never called, after its home was deleted.
    """
    inside = home / "postgres"
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    outside = SYSTEM / (key if kept else f"{key}{DISPOSABLE}")
    if not inside.is_symlink():
        if is_reachable(inside):
            return inside
        _move_outside(inside, outside)
    elif inside.readlink() != outside:
        raise CannotStart(
            f"{home} was copied or moved, its database is still {inside.readlink()}: "
            f"move that to {outside} and point {inside} there, or delete {inside} to start anew."
        )
    return outside


def _move_outside(inside: Path, outside: Path) -> None:
    _make_system_directory()
    _discard_disposable()
    shutil.rmtree(outside, ignore_errors=True)  # of a home that was here and was deleted
    if inside.exists():
        shutil.move(inside, outside)
    inside.symlink_to(outside)
    if outside.suffix == DISPOSABLE:
        outside.with_suffix(OWNER).unlink(missing_ok=True)
        outside.with_suffix(OWNER).symlink_to(inside)


def discard_outside(home: Path) -> None:
    """Delete what of this home's database lies in SYSTEM."""
    inside = home / "postgres"
    if inside.is_symlink():
        outside = inside.readlink()
        shutil.rmtree(outside, ignore_errors=True)
        inside.unlink()
        outside.with_suffix(OWNER).unlink(missing_ok=True)


def _discard_disposable() -> None:
    """What tests that were killed could not discard, once their homes are gone."""
    for owner in SYSTEM.glob(f"*{OWNER}"):
        if not owner.readlink().is_symlink():
            for left in SYSTEM.glob(f"{owner.stem}{DISPOSABLE}*"):
                shutil.rmtree(left, ignore_errors=True)
            owner.unlink(missing_ok=True)


def reachable_programs(installed: Path, libraries: Path, version: str) -> Path:
    """The folder of an installed Postgres, or of a copy of it in SYSTEM.

    The programs look for `libraries` by their relative place.
    """
    if is_reachable(installed / "bin" / "postgres"):
        return installed
    copy = SYSTEM / f"postgresql-{version}"
    if not copy.exists():
        _make_system_directory()
        draft = copy.with_name(f".{copy.name}.{os.getpid()}")
        within = draft / installed.parent.name / installed.name
        shutil.copytree(installed, within, ignore=shutil.ignore_patterns("include", "doc"))
        shutil.copytree(libraries, draft / libraries.name)
        subprocess.run(["chmod", "-R", "go+rX", str(draft)], check=True)
        draft.replace(copy)
    return copy / installed.parent.name / installed.name


def is_reachable(path: Path) -> bool:
    """Whether everybody may enter every directory on the way, and read what is there, if it is there."""
    on_the_way = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)
    return on_the_way and (not path.is_file() or bool(path.stat().st_mode & stat.S_IROTH))


def _make_system_directory() -> None:
    try:
        SYSTEM.mkdir(mode=0o755, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"as root, Postgres needs {SYSTEM}, which cannot be made ({error.strerror}): "
            "run as another user, or set PHOTOFEED_HOME to a directory that everybody may enter."
        ) from error
