"""Small words that the statements of the other modules share."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Executable,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks, maker
from stores.rows import Row

R = TypeVar("R", bound=Row)


def columns(table: Table, row: type[Row]) -> list[Column[Any]]:
    """The columns that a row is made of, in the order of its fields."""
    return [table.c[name] for name in row.__struct_fields__]


def among(column: Column[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """`column = any(ids)`: one text, and so one prepared statement, for any number of ids."""
    return column == any_(big_array(ids))


def asked(column: Column[int]) -> ColumnElement[bool]:
    """`column = any(:keys)`, in a statement that is built once: its parameter `keys` are ids."""
    return column == any_(big_arrays("keys"))


def big_arrays(name: str) -> ColumnElement[Sequence[int]]:
    """The parameter of this name, which is many integers."""
    return bindparam(name, type_=ARRAY(BigInteger))


def big_array(values: Iterable[int]) -> ColumnElement[Sequence[int]]:
    return literal(list(values), ARRAY(BigInteger))


def text_array(values: Iterable[str]) -> ColumnElement[Sequence[str]]:
    return literal(list(values), ARRAY(Text))


async def pairs_among(
    connection: Asks, first: Column[int], second: Column[int], pairs: Sequence[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Those of `pairs` that stand in these two columns of a table, whose key they are."""
    given = {"firsts": [one for one, _ in pairs], "seconds": [other for _, other in pairs]}
    return {(one, other) for one, other in await connection.execute(_pairs(first, second), given)}


@lru_cache
def _pairs(first: Column[int], second: Column[int]) -> Select[int, int]:
    pair = (
        func.unnest(big_arrays("firsts"), big_arrays("seconds"))
        .table_valued(column("first", BigInteger), column("second", BigInteger))
        .render_derived("pair")
    )
    return select(first, second).join(pair, (first == pair.c.first) & (second == pair.c.second))


async def fetch(connection: Asks, row: type[R], statement: Executable, **parameters: object) -> list[R]:
    """The rows that a statement gives, whose columns are `row`'s fields in order."""
    return [row(*values) for values in await connection.execute(statement, parameters)]


def version(table: Table) -> ColumnElement[int]:
    """The first column of what `fetch_kept` reads."""
    return literal_column(f"{table.name}.xmin").label("version")


async def fetch_kept(connection: Asks, row: type[R], statement: Executable, **parameters: object) -> list[R]:
    """As `fetch`, of columns that begin with the row's version; those that are known are not made anew."""
    row_of = maker(connection, row)
    return [row_of(values[0], values[1:]) for values in await connection.execute(statement, parameters)]


async def fetch_one(connection: AsyncConnection, row: type[R], statement: Executable) -> R | None:
    found = (await connection.execute(statement)).first()
    return None if found is None else row(*found)
