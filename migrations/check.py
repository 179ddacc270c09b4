"""`python -m migrations.check`: whether the revisions make the tables that the code declares."""

import sys
import tempfile
from pathlib import Path

from alembic.util import CommandError

from dev.embedded import running
from migrations.run import check, upgrade


def main() -> int:
    with tempfile.TemporaryDirectory() as home, running(Path(home), fast=True) as servers:
        upgrade(servers.database_url)
        try:
            check(servers.database_url)
        except CommandError as error:
            print(f"{error}\nWrite the missing revision: alembic revision --autogenerate", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
