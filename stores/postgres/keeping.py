"""Rows that have been read before, in the version that they have now, are not made again.

The truth is asked all the same, every time: what it says of a row begins with the row's version. Who reads a version
that is known gets the very object that was made of it, and with it what others have made of that object since
(`execution.rows`). Nothing is ever invalidated, and no process can lag behind another.

A version is Postgres' `xmin`: the transaction that wrote it. A transaction may write a row twice under one number, but
nobody outside sees the first; so only what is read outside of transactions is kept. After a failover a number may be
used again: when a connection is lost, all is forgotten.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from stores.rows import Row

R = TypeVar("R", bound=Row)
T = TypeVar("T")
Maker = Callable[[int, Sequence[Any]], R]
"""(version, a row's columns, its id first) -> the row."""


class KeptRows:
    def __init__(self, most: int) -> None:
        """`most`: rows of each kind, or none; then those that were made first are forgotten."""
        self._most = most
        self._makers: dict[type[Row], tuple[Maker[Any], dict[int, tuple[int, Row]]]] = {}
        self._readings: dict[Callable[[str], Any], Callable[[str], Any]] = {}
        self.epoch = 0
        """How often all was forgotten: a version says nothing of those in another epoch."""

    @property
    def are_any(self) -> bool:
        """Whether rows are kept at all."""
        return self._most > 0

    def maker(self, kind: type[R]) -> Maker[R]:
        """What gives rows of this kind."""
        if not self._most:
            return made_anew(kind)
        made = self._makers.get(kind)
        if made is None:
            known: dict[int, tuple[int, Row]] = {}
            made = self._makers[kind] = _maker(kind, known, self._most), known
        return made[0]

    def known(self, kind: type[R], id_: int, version: int) -> R | None:
        """The row of this id, if it is known in this version."""
        made = self._makers.get(kind)
        found = made[1].get(id_) if made else None
        if found is None or found[0] != version:
            return None
        row: Any = found[1]  # of this kind, as all that stand here
        return cast("R", row)

    def remembering(self, read: Callable[[str], T]) -> Callable[[str], T]:
        """`read`, which makes the same object of the same text: of as many texts as there are rows of a kind."""
        known = self._readings.get(read)
        if known is None:
            known = self._readings[read] = lru_cache(self._most)(read)
        return known

    def forget(self) -> None:
        self.epoch += 1
        self._readings.clear()
        for _, known in self._makers.values():
            known.clear()


def made_anew(kind: type[R]) -> Maker[R]:
    """For what is read within transactions."""
    return lambda _version, values: kind(*values)


def _maker(kind: type[R], known: dict[int, tuple[int, Any]], most: int) -> Maker[R]:
    def row_of(version: int, values: Sequence[Any]) -> R:
        id_ = values[0]
        found = known.get(id_)
        if found is not None and found[0] == version:
            row: R = found[1]
            return row
        made = kind(*values)
        vars(made)["kept"] = {}
        if len(known) >= most and id_ not in known:
            del known[next(iter(known))]
        known[id_] = version, made
        return made

    return row_of
