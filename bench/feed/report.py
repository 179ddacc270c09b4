"""What came out: a table, a file, and the ratios that are judged."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from bench.feed.load import Sample
from bench.processes import TREE
from bench.tables import show

RESULTS = TREE / "bench" / "results" / "feed.json"
OURS, BEST, FLOOR = "photofeed", "mercurius-jit-dl", "rest-mget-splice"
MOST_OF_BEST, MOST_OF_FLOOR = 0.5, 2.0
JUDGED_AT = (16, 64)
FIGURES = [name for name in Sample._fields if name != "bad"]

Samples = Mapping[tuple[str, int], Sequence[Sample]]
"""By server and connections."""


def tell(samples: Samples, statements: Mapping[str, float]) -> None:
    show(
        "A first page of 20 posts. CPU of server, Postgres and Redis in us a request; medians, and least to most",
        ["", "conn", "req/s", "", "p50 ms", "p99 ms", "server", "", "pg", "redis", "SQL", "bad"],
        [_row(name, connections, some, statements) for (name, connections), some in samples.items()],
    )
    for line in verdicts(samples):
        print(line)


def write(samples: Samples, statements: Mapping[str, float], path: Path = RESULTS) -> None:
    """As JSON: a row for each server and number of connections, its figures medians."""
    rows = [
        {"server": name, "connections": connections}
        | {figure: round(_median(some, figure), 3) for figure in FIGURES}
        | {"statements": statements.get(name), "bad": sum(sample.bad for sample in some)}
        | {"rounds": [sample._asdict() for sample in some]}
        for (name, connections), some in samples.items()
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"rows": rows}, indent=1) + "\n")
    print(f"Written to {path}.")


def verdicts(samples: Samples) -> list[str]:
    """What is asked of Photofeed, as far as who it is compared with was measured."""
    lines = []
    for connections in JUDGED_AT:
        if (OURS, connections) not in samples:
            continue
        for figure, other, most in (
            ("server_cpu_us", BEST, MOST_OF_BEST),
            ("p99_ms", BEST, 1.0),
            ("postgres_cpu_us", BEST, 1.0),
            ("server_cpu_us", FLOOR, MOST_OF_FLOOR),
        ):
            if (other, connections) in samples:
                ours, theirs = (_median(samples[name, connections], figure) for name in (OURS, other))
                ratio = ours / max(theirs, 1e-9)
                verdict = "yes" if ratio <= most else "NO"
                lines.append(
                    f"{connections:>3} connections: {figure:<15} {ratio:6.2f} x {other}, at most {most:g}: {verdict}"
                )
    return lines


def _row(name: str, connections: int, some: Sequence[Sample], statements: Mapping[str, float]) -> list[str]:
    rps, p50, p99, server, postgres, redis = (_median(some, figure) for figure in FIGURES)
    return [
        *(name, f"{connections}"),
        *(f"{rps:,.0f}", _spread(some, "rps"), f"{p50:.2f}", f"{p99:.2f}"),
        *(f"{server:,.0f}", _spread(some, "server_cpu_us"), f"{postgres:,.0f}", f"{redis:,.0f}"),
        *(f"{statements[name]:.1f}", f"{sum(sample.bad for sample in some)}"),
    ]


def _spread(some: Sequence[Sample], figure: str) -> str:
    values = [getattr(sample, figure) for sample in some]
    return f"{min(values):.0f}-{max(values):.0f}"


def _median(some: Sequence[Sample], figure: str) -> float:
    return float(median(getattr(sample, figure) for sample in some))
