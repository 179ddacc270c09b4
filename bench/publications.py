"""Publications a second: one in a transaction, 64 transactions at once; and a hundred in a transaction.

python -m bench.publications [--posts N] [--authors N] [--rounds N]
Takes 3 minutes at most.
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from statistics import median
from time import perf_counter

import uvloop

from bench import crowd, figures
from bench.running import Bench, photofeed
from bench.tables import show, spread
from bench.turns import in_turns
from services import publishing

AT_ONCE = 64
BATCH = 100
WAYS = (1, AT_ONCE), (BATCH, 1), (BATCH, 2)
"""Posts in a transaction, transactions at once."""
HASHTAGS = 500


async def main(posts: int, authors: int, rounds: int) -> None:
    rates: dict[tuple[int, int], list[float]] = {way: [] for way in WAYS}
    async with photofeed(database_pool_size=AT_ONCE, queue_waiting=posts) as bench:
        author_ids = await crowd.add_people(bench.app, authors)
        for size, at_once in in_turns(WAYS, rounds):
            post_ids = await crowd.add_drafts(bench.app, author_ids, posts, hashtags=HASHTAGS)
            await bench.vacuum()
            took = await publication(bench, post_ids, size, at_once)
            rates[size, at_once].append(posts / took)
            await bench.app.queue.flush()
    tell(rates)
    rows = [
        {"batch": size, "at_once": at_once, "publications_per_s": median(found), "rounds": found}
        for (size, at_once), found in rates.items()
    ]
    figures.write("publications", rows, posts=posts, authors=authors, rounds=rounds)


def tell(rates: Mapping[tuple[int, int], Sequence[float]]) -> None:
    show(
        "The publication clock: publications a second, medians, and least to most",
        ["posts in a transaction", "transactions at once", "a second", ""],
        [[f"{size}", f"{at_once}", f"{median(found):,.0f}", spread(found)] for (size, at_once), found in rates.items()],
    )


async def publication(bench: Bench, post_ids: Sequence[int], size: int, at_once: int) -> float:
    """Seconds until all of these posts are published."""
    batches = iter([post_ids[begin : begin + size] for begin in range(0, len(post_ids), size)])

    async def publish() -> None:
        for batch in batches:
            async with bench.app.deps.database.unit_of_work() as uow:
                await publishing.settle(bench.app.deps, uow, batch)

    began = perf_counter()
    await asyncio.gather(*(publish() for _ in range(at_once)))
    return perf_counter() - began


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.publications", description=__doc__)
    options.add_argument("--posts", type=int, default=2_000, help="that are published each way in each round")
    options.add_argument("--authors", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=5, help="of each way")
    uvloop.run(main(**vars(options.parse_args())))
