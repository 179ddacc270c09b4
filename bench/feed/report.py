"""What came out: a table, a file, and the ratios that are judged."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from bench import figures
from bench.feed.load import Sample
from bench.tables import at_most, show

BEST, FLOOR = "mercurius-jit-dl", "rest-mget-splice"
JUDGED_AT = (16, 64)


class Judged(NamedTuple):
    """At most how many times the other's a figure of ours is to be."""

    ours: str
    figure: str
    other: str
    most: float


PLAN_OF_THE_PEERS = "strawberry-batched"
"""The peers' types and statements by our executor: the same plan for the same work. `photofeed-plain` is shown beside
it, not judged: it keeps nothing either, but its viewers sign in, and all rules are on."""
JUDGED = [
    Judged("photofeed", "server_cpu_us", BEST, 0.5),
    Judged("photofeed", "p99_ms", BEST, 1.0),
    Judged("photofeed", "postgres_cpu_us", BEST, 1.0),
    Judged("photofeed", "server_cpu_us", FLOOR, 2.0),
    Judged(PLAN_OF_THE_PEERS, "server_cpu_us", BEST, 0.85),
]
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


def write(samples: Samples, statements: Mapping[str, float], **asked: object) -> None:
    """A row for each server and number of connections, its figures medians."""
    figures.write(
        "feed",
        [
            {"server": name, "connections": connections}
            | {figure: _median(some, figure) for figure in FIGURES}
            | {"statements": statements.get(name), "bad": sum(sample.bad for sample in some)}
            | {"rounds": [sample._asdict() for sample in some]}
            for (name, connections), some in samples.items()
        ],
        **asked,
    )


def verdicts(samples: Samples) -> list[str]:
    """What is asked of Photofeed, as far as those who are compared were measured."""
    return [
        _verdict(samples, connections, *judged)
        for connections in JUDGED_AT
        for judged in JUDGED
        if {(judged.ours, connections), (judged.other, connections)} <= samples.keys()
    ]


def _verdict(samples: Samples, connections: int, ours: str, figure: str, other: str, most: float) -> str:
    one, another = (_median(samples[name, connections], figure) for name in (ours, other))
    ratio = one / max(another, 1e-9)
    return at_most(f"{connections:>3} connections: {ours}, {figure:<15} {ratio:6.2f} x {other}", ratio, most)


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
