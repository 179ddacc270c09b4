"""Pages of lists, many at once: one statement whatever the number of lists and the sizes of their pages."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Column, ColumnElement, Integer, Select, bindparam, column, func, select, true

from stores.postgres.asking import Asks
from stores.postgres.statements import big_arrays
from stores.rows import Entry

TOP = 2**63 - 1
"""Above every position."""


class Below(NamedTuple):
    """A page: of the list of `owner_id`, at most `most` entries strictly below `position`, the highest first."""

    owner_id: int
    position: int
    most: int


async def pages_below(
    connection: Asks,
    pages: Sequence[Below],
    *,
    owner: Column[int],
    position: Column[int],
    entry: Column[int],
    where: ColumnElement[bool] | None = None,
) -> list[list[Entry]]:
    """The entries of each page, in the order of `pages`, from the table whose columns these are."""
    found = await page_rows_below(
        connection, pages, owner=owner, position=position, wanted=(position, entry), where=where
    )
    return [[Entry(*row) for row in rows] for rows in found]


async def page_rows_below(
    connection: Asks,
    pages: Sequence[Below],
    *,
    owner: Column[int],
    position: Column[int],
    wanted: tuple[ColumnElement[Any], ...],
    where: ColumnElement[bool] | None = None,
) -> list[list[Sequence[Any]]]:
    """The columns `wanted` of each page's rows, in the order of `pages`."""
    asked = {
        "owners": [page.owner_id for page in pages],
        "positions": [page.position for page in pages],
        "sizes": [page.most for page in pages],
    }
    found: list[list[Sequence[Any]]] = [[] for _ in pages]
    for number, *row in await connection.execute(_statement(owner, position, wanted, where), asked):
        found[number - 1].append(row)
    return found


@lru_cache
def _statement(
    owner: Column[int], position: Column[int], wanted: tuple[ColumnElement[Any], ...], where: ColumnElement[bool] | None
) -> Select[Any]:
    sizes = bindparam("sizes", type_=ARRAY(Integer))
    asked = (
        func.unnest(big_arrays("owners"), big_arrays("positions"), sizes)
        .table_valued(
            column("owner", BigInteger),
            column("position", BigInteger),
            column("most", Integer),
            with_ordinality="number",
        )
        .render_derived("asked")
    )
    listed = (
        select(position.label("place"), *(one.label(f"wanted_{number}") for number, one in enumerate(wanted)))
        .where(owner == asked.c.owner, position < asked.c.position, where if where is not None else true())
        .order_by(position.desc())
        .limit(asked.c.most)
        .lateral("listed")
    )
    _, *given = listed.c
    ordered = (asked.c.number, listed.c.place.desc())
    return select(asked.c.number, *given).select_from(asked).join(listed, true()).order_by(*ordered)
