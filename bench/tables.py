"""Figures as a person reads them."""

from collections.abc import Sequence
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

WIDTH = 120


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(*columns, title=title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, width=WIDTH).print(table)


def ms(seconds: float) -> str:
    return f"{1_000 * seconds:,.2f} ms"


def middle(seconds: Sequence[float]) -> str:
    return ms(median(seconds))


def p99(seconds: Sequence[float]) -> str:
    return ms(quantiles(seconds, n=100)[98])


def typical(seconds: Sequence[float]) -> str:
    return f"{middle(seconds)}, {p99(seconds)}"


def at_most(what: str, value: float, limit: float) -> str:
    """A verdict."""
    return f"{what}, at most {limit:g}: {'yes' if value <= limit else 'NO'}"


def at_least(what: str, value: float, limit: float) -> str:
    """A verdict."""
    return f"{what}, at least {limit:g}: {'yes' if value >= limit else 'NO'}"


def spread(values: Sequence[float]) -> str:
    """The least and the most."""
    digits = 1 if max(values) < 100 else 0
    return f"{min(values):,.{digits}f}-{max(values):,.{digits}f}"
