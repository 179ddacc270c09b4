"""What strong mode costs a reader: the feed's first statement, the more posts wait to be fanned out.

python -m bench.strong_mode [--reads N]
Takes 1 minute at most.
"""

from argparse import ArgumentParser
from time import perf_counter

import uvloop

from bench import crowd, figures
from bench.running import Bench, photofeed
from bench.tables import show, typical
from services.feed import NEWEST_FOLLOWS
from stores.postgres import feed

FOLLOWEES = 10, 1_000, 5_000
UNDRAINED = 0, 100, 1_000


async def main(reads: int) -> None:
    async with photofeed() as bench:
        author_ids = await crowd.add_people(bench.app, max(FOLLOWEES))
        viewer_ids = await crowd.add_people(bench.app, len(FOLLOWEES))
        for followees, viewer_id in zip(FOLLOWEES, viewer_ids, strict=True):
            await crowd.add_follows(bench.app, [viewer_id], author_ids[:: len(author_ids) // followees])
        found, waiting = {}, 0
        for undrained in UNDRAINED:
            await crowd.add_posts(bench.app, author_ids[waiting:undrained], 1, undrained=True)
            waiting = undrained
            await bench.vacuum()
            found[undrained] = [await measured(bench, viewer_id, reads) for viewer_id in viewer_ids]
    show(
        "The statement that strong mode is in: median, 99%",
        ["posts not fanned out", *(f"{followees:,} followees" for followees in FOLLOWEES)],
        [[f"{undrained:,}", *map(typical, took)] for undrained, took in found.items()],
    )
    rows = [
        {"undrained": undrained, "followees": followees, **figures.waits(seconds)}
        for undrained, took in found.items()
        for followees, seconds in zip(FOLLOWEES, took, strict=True)
    ]
    figures.write("strong_mode", rows, reads=reads)


async def measured(bench: Bench, viewer_id: int, reads: int) -> list[float]:
    """Seconds of each."""
    took = []
    database, undrained = bench.app.deps.database, bench.settings.strong_mode_posts
    for _ in range(reads):
        began = perf_counter()
        await feed.standing(database, viewer_id, newest=NEWEST_FOLLOWS, undrained=undrained)
        took.append(perf_counter() - began)
    return took


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.strong_mode", description=__doc__)
    options.add_argument("--reads", type=int, default=300, help="of each viewer, with each backlog")
    uvloop.run(main(**vars(options.parse_args())))
