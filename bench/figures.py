"""What a bench found, for programs: bench/results/NAME.json, of the last run on this machine."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bench.processes import TREE

RESULTS = TREE / "bench" / "results"
DIGITS = 4  # of fractions

Row = Mapping[str, Any]
"""Of JSON, by what it is; names end with units where there are any."""


def write(name: str, rows: Sequence[Row]) -> None:
    """As `{"rows": [...]}`, and say where."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({"rows": _rounded(rows)}, indent=1) + "\n")
    print(f"Written to {path.relative_to(TREE)}.")


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, DIGITS)
        case Mapping():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
    return value
