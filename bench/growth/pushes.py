"""What it costs to put a post on one timeline."""

from collections.abc import Sequence
from time import process_time
from typing import NamedTuple

from bench import crowd
from bench.growth.worlds import Readers, World
from bench.turns import in_turns
from bench.usage import cpus_s, used_s
from services import fan_out

FOLLOWERS = 2_000
POSTS = 10  # of a turn

Cost = dict[str, float]
"""CPU for a delivery, in us: of the process that pushes, and of the stores."""


class Author(NamedTuple):
    """Whose FOLLOWERS all have a timeline: that of the first of these readers."""

    readers: Readers
    id: int


async def authors(all_readers: Sequence[Readers]) -> list[Author]:
    return [Author(readers, await _followed(readers.world, readers.ids[0])) for readers in all_readers]


async def measured(all_authors: Sequence[Author], rounds: int) -> dict[str, list[Cost]]:
    """By the readers' name."""
    found: dict[str, list[Cost]] = {author.readers.name: [] for author in all_authors}
    for author in all_authors:
        await cost(author)
    for author in in_turns(all_authors, rounds):
        found[author.readers.name].append(await cost(author))
    return found


async def cost(author: Author) -> Cost:
    """Of POSTS, one after the other."""
    bench = author.readers.world.bench
    post_ids = await crowd.add_posts(bench.app, [author.id], POSTS, undrained=True)
    pids = (bench.servers.valkey.pid, bench.servers.postgres.pid)
    stores_before, before = cpus_s(pids), process_time()
    for post_id in post_ids:
        await fan_out.push(bench.app.deps, post_id)
    own_s = process_time() - before
    redis_s, postgres_s = used_s(pids, stores_before)
    used = {"worker": own_s, "redis": redis_s, "postgres": postgres_s}
    return {name: 1e6 * seconds / (POSTS * FOLLOWERS) for name, seconds in used.items()}


async def _followed(world: World, reader_id: int) -> int:
    app = world.bench.app
    [author_id] = await crowd.add_people(app, 1)
    follower_ids = await crowd.add_people(app, FOLLOWERS)
    await crowd.add_follows(app, follower_ids, [author_id])
    await crowd.add_timelines(app, world.bench.redis, [reader_id, *follower_ids])
    await world.bench.vacuum()
    return author_id
