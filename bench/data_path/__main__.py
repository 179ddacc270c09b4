"""What each idea in the data path of hot reads saves, alone: CPU of the process that asks, of Postgres and of Redis.

python -m bench.data_path [--rounds N]
Takes 3 minutes at most.

Each way is asked for the same, for 100 readers' first pages of 20 posts, once it is clear that all answer alike; then
they take turns. With 16 in flight, each of 16 asks one after the other, and who is "shared" asks together with others.

20 posts and their authors (`rows`)
  SQLAlchemy                a statement for each page, without its ORM, over a connection of the pool: `database.read`
  Reader                    the same statement, over a connection of asyncpg's alone
  Readers                   one statement for all pages in flight: what is behind `database.ask`
  MGET                      packed entries from Redis, by a command for each page, or for all pages in flight
  rows kept                 as `Readers`, and what is known by version is not made again
  rows kept, versions told  without a statement: the feed has said which versions there are
Posts with authors, and their pictures (`level`)
  two connections           two statements at once
  one connection            one after the other
  one statement             that gives a row for each picture
Signing in, and the standing (`entering`)
  authenticate, standing    a statement that says whose the session is, then the feed's first one
  entered                   both in one
A timeline's newest (`timelines`)
  redis-py's script         as redis-py runs scripts
  pipelines.send            the command packed by hand
  Timelines.read            that, with a time-out and the breaker, and one round trip for all who ask in the same turn
"""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from statistics import median
from typing import Any

import uvloop

from bench import figures
from bench.data_path import entering, level, rows, timelines
from bench.data_path.stage import set_up
from bench.data_path.ways import Comparison, Cost
from bench.tables import show, spread
from server.serving import spare_the_loop

LEAST_US = 0.1  # what costs less costs nothing
NAMES = ("client", "postgres", "redis", "all", "elapsed")
"""Of costs."""


async def main(rounds: int) -> None:
    found = []
    async with set_up() as stage:
        comparisons: list[Comparison[Any, Any]] = [  # each of other questions
            await rows.comparison(stage),
            level.comparison(stage),
            entering.comparison(stage),
            timelines.comparison(stage),
        ]
        for each in comparisons:
            await each.compare()
        spare_the_loop()
        for each in comparisons:
            found += told(each, await each.measured(stage.bench.servers, rounds))
    figures.write("data_path", found, rounds=rounds)


def told(of: Comparison[Any, Any], costs: Sequence[Sequence[Cost]]) -> list[figures.Row]:
    """A table; gives the rows of it."""
    found: list[figures.Row] = [
        {"what": of.what, "way": way.name, "in_flight": way.in_flight} | figured(each, costs[0])
        for way, each in zip(of.ways, costs, strict=True)
    ]
    show(
        f"{of.what}: CPU in us, medians, and how many times the first line's",
        ["", "in flight", "client", "", "times", "Postgres", "Redis", "all", "times", "elapsed"],
        [shown(each) for each in found],
    )
    return found


def figured(rounds: Sequence[Cost], base: Sequence[Cost]) -> dict[str, Any]:
    """Medians, also of the rounds' ratios, as JSON."""
    return {
        **{f"{name}_us": median(each[name] for each in rounds) for name in NAMES},
        "times": {
            name: median(each[name] / max(its[name], LEAST_US) for each, its in zip(rounds, base, strict=True))
            for name in ("client", "all", "elapsed")
        },
        "rounds": rounds,
    }


def shown(row: figures.Row) -> list[str]:
    """The client's CPU with the least and the most."""
    used = {name: f"{row[f'{name}_us']:,.0f}" for name in NAMES}
    times = {name: f"{row['times'][name]:.2f}" for name in ("client", "all")}
    client = [used["client"], spread([each["client"] for each in row["rounds"]]), times["client"]]
    stores = [used["postgres"], used["redis"], used["all"], times["all"], used["elapsed"]]
    return [row["way"], f"{row['in_flight']}", *client, *stores]


if __name__ == "__main__":
    options = ArgumentParser(
        prog="python -m bench.data_path", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=5, help="of each comparison")
    uvloop.run(main(**vars(options.parse_args())))
