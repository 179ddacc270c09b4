"""Small words that the statements of the other modules share."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Executable,
    Table,
    Text,
    any_,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.rows import Row

R = TypeVar("R", bound=Row)


def columns(table: Table, row: type[Row]) -> list[Column[Any]]:
    """The columns that a row is made of, in the order of its fields."""
    return [table.c[name] for name in row.__struct_fields__]


def among(column: Column[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """`column = any(ids)`: one text, and so one prepared statement, for any number of ids."""
    return column == any_(big_array(ids))


def big_array(values: Iterable[int]) -> ColumnElement[Sequence[int]]:
    return literal(list(values), ARRAY(BigInteger))


def text_array(values: Iterable[str]) -> ColumnElement[Sequence[str]]:
    return literal(list(values), ARRAY(Text))


async def pairs_among(
    connection: AsyncConnection, first: Column[int], second: Column[int], pairs: Sequence[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Those of `pairs` that stand in these two columns of a table, whose key they are."""
    asked = (
        func.unnest(big_array(one for one, _ in pairs), big_array(other for _, other in pairs))
        .table_valued(column("first", BigInteger), column("second", BigInteger))
        .render_derived("asked")
    )
    found = await connection.execute(
        select(first, second).join(asked, (first == asked.c.first) & (second == asked.c.second))
    )
    return {(one, other) for one, other in found}


async def fetch(connection: AsyncConnection, row: type[R], statement: Executable) -> list[R]:
    """The rows that a statement gives, whose columns are `row`'s fields in order."""
    return [row(*values) for values in await connection.execute(statement)]


async def fetch_one(connection: AsyncConnection, row: type[R], statement: Executable) -> R | None:
    found = (await connection.execute(statement)).first()
    return None if found is None else row(*found)
