"""What a home's servers need before the API starts: the tables, the buckets, and the first time the demo's people."""

import asyncio
import hashlib
from pathlib import Path

from settings import Settings

ROOT = Path(__file__).parent.parent
CODE = ("dev", "migrations", "services", "stores")


class Preparation:
    """Once for the same data by the same code: finding that nothing is to be done would cost each start 3 s of imports.

    To be made before the servers start, which make the directories of their data.
    """

    def __init__(self, home: Path) -> None:
        self._mark = home / "prepared"
        has_data = (home / "postgres").exists() and (home / "objects").exists()
        self._is_made = has_data and self._mark.exists() and self._mark.read_text() == _fingerprint()

    def make(self, settings: Settings, login: str, password: str) -> None:
        """`login` is the demo's, with its password."""
        if self._is_made:
            return
        import wiring
        from dev import demo
        from migrations.run import upgrade

        self._mark.unlink(missing_ok=True)
        upgrade(settings.database_url.get_secret_value())
        asyncio.run(wiring.ensure_buckets(settings))
        asyncio.run(demo.fill_if_empty(settings, login=login, password=password))
        self._mark.write_text(_fingerprint())


def _fingerprint() -> str:
    """Of the code that prepares."""
    digest = hashlib.sha256()
    for path in sorted(path for package in CODE for path in (ROOT / package).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
