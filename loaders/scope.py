"""What every loader of an operation knows: where to ask, and who is asking."""

from collections.abc import Hashable
from typing import NamedTuple, TypeVar

from execution.loader import Loader
from stores.postgres.database import Database

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Scope(NamedTuple):
    database: Database
    viewer_id: int | None


class ScopedLoader(Loader[Scope, K, V]):
    """A loader of Photofeed's."""
