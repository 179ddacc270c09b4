"""A Photofeed of invented people, and readers in it who are alike in all worlds but for what is said of them."""

import io
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, select

import wiring
from bench import crowd
from bench.running import PATIENT, Bench, photofeed
from dev import seed
from services import timelines
from stores.postgres.tables import author_counts, posts, users

NUMBER = 1  # of the seed, and of chance
PICTURES = 4  # that there are to choose from: nobody looks at them
COMMENTS_EACH = 2
POSTGRES = {"shared_buffers": "1GB"}
"""Room for what is read often, as who runs it gives it; by itself it takes 128 MiB, and the larger world is larger."""


class Size(NamedTuple):
    people: int
    follows: int
    posts: int

    def times(self, factor: int) -> "Size":
        return Size(*(factor * each for each in self))


@dataclass(frozen=True, eq=False)
class World:
    bench: Bench
    author_ids: Sequence[int]
    """Of the invented people, all who have published something."""
    usernames: Sequence[str]
    """Theirs."""


@dataclass(frozen=True, eq=False)
class Readers:
    """They are signed in and have timelines."""

    name: str
    world: World
    ids: Sequence[int]
    tokens: Sequence[str]


@asynccontextmanager
async def world(size: Size) -> AsyncIterator[World]:
    """As `photofeed seed` makes it, and COMMENTS_EACH comments on each post."""
    async with photofeed(postgres=POSTGRES, **PATIENT) as bench:
        await wiring.ensure_buckets(bench.settings)
        people, follows, published = size
        with redirect_stdout(io.StringIO()):
            await seed.fill(
                bench.settings, users=people, follows=follows, posts=published, seed=NUMBER, pictures=PICTURES
            )
        has_published = select(users.c.id, users.c.username).join(
            author_counts, author_counts.c.author_id == users.c.id
        )
        author_ids, usernames = [await _column(bench, has_published, name) for name in ("id", "username")]
        post_ids = await _column(bench, select(posts.c.id), "id")
        await crowd.add_comments(bench.app, post_ids, author_ids, COMMENTS_EACH)
        await bench.vacuum()
        yield World(bench, author_ids, usernames)


async def readers(name: str, world: World, *, many: int, followees: int) -> Readers:
    """So many new people, each of whom follows so many authors, whom chance chooses."""
    app, chance = world.bench.app, random.Random(NUMBER)
    ids = await crowd.add_people(app, many)
    for reader_id in ids:
        await crowd.add_follows(app, [reader_id], chance.sample(world.author_ids, followees))
        await timelines.rebuild(app.deps, reader_id)
    tokens = await crowd.add_sessions(app, ids)
    await world.bench.vacuum()
    return Readers(name, world, ids, tokens)


async def _column(bench: Bench, found: Select[Any], name: str) -> list[Any]:  # of whatever type
    """In the order of ids."""
    column = found.subquery().c
    async with bench.app.deps.database.read() as connection:
        return list(await connection.scalars(select(column[name]).order_by(column.id)))
