"""What is asked for and over what: invented people's posts, readers of their feeds, connections besides the app's."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import asyncpg

from bench.growth import worlds
from bench.growth.worlds import Size
from bench.running import PATIENCE_S, Bench
from services import feed
from stores.postgres.asking import Reader
from stores.postgres.keeping import KeptRows
from stores.postgres.pages import TOP
from stores.postgres.readers import Readers
from stores.postgres.sights import Versions

SIZE = Size(people=1_000, follows=50_000, posts=10_000)
READERS, FOLLOWEES, PAGE = 100, 50, 20
READING = {"plan_cache_mode": "force_generic_plan", "timezone": "UTC", "jit": "off"}
"""As `Database` has its readers."""
NO_ROWS, ALL_ROWS = 0, 10_000


class Page(NamedTuple):
    """The latest posts of a feed and their authors, and the versions of both, as the feed tells them."""

    post_ids: tuple[int, ...]
    author_ids: tuple[int, ...]
    versions: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Stage:
    """`alone`: nobody else uses them. `together`, `keeping`: as a `Database` has them; only the latter keep rows."""

    bench: Bench
    people: worlds.Readers
    pages: Sequence[Page]
    alone: Sequence[Reader]
    together: Readers
    keeping: Readers


@asynccontextmanager
async def set_up() -> AsyncIterator[Stage]:
    async with worlds.world(SIZE) as world:
        bench, people = world.bench, await worlds.readers("readers", world, many=READERS, followees=FOLLOWEES)
        pages = [await page(bench, reader_id) for reader_id in people.ids]
        connect = partial(asyncpg.connect, bench.servers.database_url, server_settings=READING)
        shared = [Readers(connect, size=4, wait_s=PATIENCE_S, rows_kept=rows) for rows in (NO_ROWS, ALL_ROWS)]
        connections = [await connect() for _ in range(2)]
        try:
            yield Stage(bench, people, pages, [Reader(each, KeptRows(NO_ROWS)) for each in connections], *shared)
        finally:
            for readers in shared:
                await readers.close()
            for connection in connections:
                await connection.close()


async def page(bench: Bench, reader_id: int) -> Page:
    found = await feed.home(bench.app.deps, reader_id, below=TOP, most=PAGE)
    assert len(found.posts) == PAGE
    told = [(sight, Versions.of(sight)) for sight in found.posts]
    return Page(
        tuple(sight.id for sight, _ in told),
        tuple(sight.author_id for sight, _ in told),
        tuple((versions.post, versions.author) for _, versions in told),
    )
