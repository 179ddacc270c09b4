"""The feed and fan-out at 10 times the data and at 10 times the followees, and the memory of an API process.

python -m bench.growth [--rounds N] [--requests N] [--minutes N]
Takes 10 minutes at most.

Readers who are alike, in a small Photofeed and in one of 10 times as many people, follows and posts; in the small one
also readers who follow 10 times as many, in the large one also 10 times as many readers: these are shown more posts
than a process keeps rows of. All take turns.
"""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import uvloop

from bench import figures
from bench.growth import memory, pushes, reads
from bench.growth.memory import Sample
from bench.growth.worlds import Size, World, readers, world
from bench.processes import Api, started
from bench.tables import at_most, show, spread

SIZE = Size(people=2_000, follows=100_000, posts=20_000)
FACTOR = 10
READERS, FOLLOWEES = 100, 50
BASE = "as it is"
MOST = 1.2
"""Times the CPU that is asked of `JUDGED`."""
JUDGED = f"{FACTOR}x data"
LITTLE_KEPT = {"rows_kept": 500, "answers_kept_mib": 4}
"""So that an API process has soon kept as much as it will, and what grows after that is a leak."""
LEAST_US = 0.1  # what costs less costs nothing
MIB = 1024 * 1024

Costs = Mapping[str, Sequence[Mapping[str, float]]]
"""By whom it was measured with, BASE the first: of each round, CPU in us by what it is of."""


async def main(rounds: int, requests: int, minutes: float) -> None:
    async with world(SIZE) as small, world(SIZE.times(FACTOR)) as large:
        base = await readers(BASE, small, many=READERS, followees=FOLLOWEES)
        data = await readers(JUDGED, large, many=READERS, followees=FOLLOWEES)
        keen = await readers(f"{FACTOR}x followees", small, many=READERS, followees=FACTOR * FOLLOWEES)
        many = await readers(f"{FACTOR}x data, readers", large, many=FACTOR * READERS, followees=FOLLOWEES)
        with api(small) as of_small, api(large) as of_large:
            apis = {small: of_small, large: of_large}
            pages = await reads.measured([(each, apis[each.world]) for each in (base, data, keen, many)], rounds)
        pushed = await pushes.measured(await pushes.authors([base, data, keen]), rounds)
        with api(large, **LITTLE_KEPT) as fresh:
            samples = await memory.sampled(many, fresh, requests, minutes)
    rows = [*told("feed page", pages), *told("delivery", pushed), held(samples)]
    for line in judged(rows):
        print(line)
    figures.write("growth", rows, rounds=rounds, requests=requests, minutes=minutes)


@contextmanager
def api(world: World, **otherwise: object) -> Iterator[Api]:
    """With settings of its own."""
    settings = world.bench.settings.model_copy(update={"port": 0, **otherwise})
    with TemporaryDirectory() as directory, started(Api(settings, Path(directory) / "api.log")) as running:
        yield running


def told(what: str, costs: Costs) -> list[figures.Row]:
    """A table; gives the rows of it."""
    rows = [row(what, name, rounds, costs[BASE]) for name, rounds in costs.items()]
    names = list(costs[BASE][0])
    show(
        f"A {what}: CPU in us, medians, and least to most; how many times that of the first line",
        ["", *(column for name in names for column in (name, "", "times"))],
        [[each["at"], *(shown for name in names for shown in cells(each, name))] for each in rows],
    )
    return rows


def row(what: str, at: str, rounds: Sequence[Mapping[str, float]], base: Sequence[Mapping[str, float]]) -> figures.Row:
    """`times`: the medians of the rounds' ratios."""
    names = list(base[0])
    return {
        "what": what,
        "at": at,
        **{f"{name}_cpu_us": median(each[name] for each in rounds) for name in names},
        "times": {
            name: median(each[name] / max(its[name], LEAST_US) for each, its in zip(rounds, base, strict=True))
            for name in names
        },
        "rounds": rounds,
    }


def cells(row: figures.Row, name: str) -> tuple[str, str, str]:
    return f"{row[f'{name}_cpu_us']:,.1f}", spread([each[name] for each in row["rounds"]]), f"{row['times'][name]:.2f}"


def judged(rows: Sequence[figures.Row]) -> list[str]:
    """Whether what is asked of the feed is so: at the service, of the API, and of all that a page takes over it."""
    [page] = [each for each in rows if each["what"] == "feed page" and each["at"] == JUDGED]
    return [
        at_most(f"{JUDGED}: {page['times'][name]:.2f} times the CPU of {name}", page["times"][name], MOST)
        for name in ("service", "api", "both")
    ]


def held(samples: Sequence[Sample]) -> figures.Row:
    """A table of some of the samples; gives all of them as a row."""
    middle, last = samples[len(samples) // 2], samples[-1]
    slope = memory.slope(samples)
    show(
        "Memory of an API process, MiB",
        [
            "at its start",
            *(f"after {one.requests:,} requests" for one in (samples[1], middle, last)),
            "bytes a request",
        ],
        [[*(f"{one.resident_bytes / MIB:.1f}" for one in (samples[0], samples[1], middle, last)), f"{slope:+.1f}"]],
    )
    return {
        "what": "memory",
        "requests": last.requests,
        "start_mib": samples[0].resident_bytes / MIB,
        "middle_mib": middle.resident_bytes / MIB,
        "end_mib": last.resident_bytes / MIB,
        "bytes_per_request": slope,
        "samples": [(one.requests, one.resident_bytes / MIB) for one in samples],
    }


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.growth", description=__doc__)
    options.add_argument("--rounds", type=int, default=7, help="of each kind of readers")
    options.add_argument("--requests", type=int, default=200_000, help="that the memory is watched for")
    options.add_argument("--minutes", type=float, default=5, help="that they take at most")
    uvloop.run(main(**vars(options.parse_args())))
