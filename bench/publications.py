"""Publications a second: one in a transaction, 64 transactions at once; and a hundred in a transaction.

python -m bench.publications [--posts N] [--authors N]
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Sequence
from time import perf_counter

import uvloop

from bench import crowd
from bench.running import Bench, photofeed
from bench.tables import show
from services import publishing

AT_ONCE = 64
BATCH = 100
HASHTAGS = 500


async def main(posts: int, authors: int) -> None:
    async with photofeed(database_pool_size=AT_ONCE) as bench:
        author_ids = await crowd.add_people(bench.app, authors)
        rows = []
        for size, at_once in ((1, AT_ONCE), (BATCH, 1), (BATCH, 2)):
            post_ids = await crowd.add_drafts(bench.app, author_ids, posts, hashtags=HASHTAGS)
            await bench.vacuum()
            took = await publication(bench, post_ids, size, at_once)
            rows.append([f"{size}", f"{at_once}", f"{posts / took:,.0f}"])
        show("The publication clock", ["posts in a transaction", "transactions at once", "publications a second"], rows)


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
    options.add_argument("--posts", type=int, default=2_000, help="that are published each way")
    options.add_argument("--authors", type=int, default=1_000)
    uvloop.run(main(**vars(options.parse_args())))
