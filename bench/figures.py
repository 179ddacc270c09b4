"""What a bench found, for programs: bench/results/NAME.json, of the last run on this machine."""

import json
from collections.abc import Mapping, Sequence
from statistics import median, quantiles
from typing import Any

from bench.processes import TREE

RESULTS = TREE / "bench" / "results"
DIGITS = 4  # of fractions

Row = Mapping[str, Any]
"""Of JSON, by what it is; names end with units where there are any."""


def write(name: str, rows: Sequence[Row], **asked: object) -> None:
    """As `{..., "rows": [...]}`, and say where; first of all what was asked for, which may be less than usual."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({**asked, "rows": _rounded(rows)}, indent=1) + "\n")
    print(f"Written to {path.relative_to(TREE)}.")


def waits(seconds: Sequence[float]) -> Row:
    """Part of a row: the median, and what all but one in a hundred took at most."""
    return {"p50_ms": 1e3 * median(seconds), "p99_ms": 1e3 * quantiles(seconds, n=100)[98]}


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, DIGITS)
        case Mapping():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
    return value
