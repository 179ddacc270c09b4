"""Asking Postgres by statements that are built once: through SQLAlchemy, or by bare asyncpg, which takes far less."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar, cast

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from stores.postgres.keeping import KeptRows, Maker, R, made_anew

DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
MOST_STATEMENTS = 500
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T = TypeVar("T")


class Asks(Protocol):
    """What runs a statement with parameters: a `Reader`, or SQLAlchemy's connection."""

    def execute(
        self, statement: Any, parameters: Mapping[str, Any], /
    ) -> Awaitable[Iterable[Sequence[Any]]]:  # Any: whatever types parameters and columns have
        """The rows that it gives."""


Question = Callable[[Asks, Sequence[K]], Awaitable[Sequence[V]]]
"""(connection, distinct keys) -> an answer for each key, in their order, by one statement for any number of keys."""


class Compiled(NamedTuple):
    sql: str
    names: tuple[str, ...]
    values: Mapping[str, Any]
    """Of parameters that the statement itself gives."""


class Reader:
    """One connection. Its statements are built once and kept: each that it is given is compiled and prepared."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", kept: KeptRows) -> None:
        self.connection, self.kept = connection, kept

    async def execute(self, statement: Any, parameters: Mapping[str, Any], /) -> Sequence[Sequence[Any]]:
        """Each sees what is committed when it starts."""
        compiled = _compiled(statement)
        given = {**compiled.values, **parameters}
        rows = await self.connection.fetch(compiled.sql, *[given[name] for name in compiled.names])
        return cast("Sequence[Sequence[Any]]", rows)


def maker(connection: Asks, kind: type[R]) -> Maker[R]:
    """What gives the rows of what this connection reads, each of its version and its columns."""
    return connection.kept.maker(kind) if isinstance(connection, Reader) else made_anew(kind)


def epoch(connection: Asks) -> int | None:
    """Of what this connection reads; None where it is not known whether it is the same as before."""
    return connection.kept.epoch if isinstance(connection, Reader) else None


def remembering(connection: Asks, read: Callable[[str], T]) -> Callable[[str], T]:
    """`read`, of texts that this connection gives again and again: the very object that was made of the same before."""
    return connection.kept.remembering(read) if isinstance(connection, Reader) else read


@lru_cache(MOST_STATEMENTS)
def _compiled(statement: ClauseElement) -> Compiled:
    compiled = statement.compile(dialect=DIALECT)
    assert isinstance(compiled, SQLCompiler)
    return Compiled(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))
