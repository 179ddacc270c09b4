import os
from pathlib import Path

import pytest

from dev.home import CannotStart, kept_secret, locked, opened


def test_a_second_start_is_told_who_runs_from_the_home(tmp_path: Path) -> None:
    with locked(tmp_path) as lock:
        lock.tell("http://127.0.0.1:8000")
        with (
            pytest.raises(CannotStart, match=f"already runs from .*: http://127.0.0.1:8000, process {os.getpid()}"),
            locked(tmp_path),
        ):
            pass


def test_a_home_that_was_left_can_be_locked_again(tmp_path: Path) -> None:
    with locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    home = opened(tmp_path / "home")
    secret = kept_secret(home, "key")
    assert len(secret) == 32
    assert kept_secret(home, "key") == secret
    assert kept_secret(home, "another") != secret
    assert (home / "secrets" / "key").stat().st_mode & 0o777 == 0o600
    assert (home / "secrets").stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match=r"^cannot use .* as home: .* Set PHOTOFEED_HOME to a place of yours\.$"):
        opened(tmp_path / "file" / "home")
