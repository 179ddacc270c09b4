"""Clients that hang up at any moment: nothing stays behind, and nobody else notices."""

import asyncio
import gc
import logging
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import QueuePool, text

from rules.node_ids import encode
from settings import Settings
from tests.bulk import add_follows, add_people, add_pictures, add_posts
from tests.patience import PATIENCE_S
from tests.processes import another_process
from tests.world import CREATE_POST, CREATE_UPLOAD, FOLLOW, UNFOLLOW, Person, World

AT_ONCE, SEED = 32, 2
FEED = """{ viewer { user { username } feed(first: 3) { edges { node {
  id author { username isViewer viewerIsFollowing } mentions { username }
} } } } }"""
UPDATE_PROFILE = """mutation ($bio: String) {
  updateProfile(input: {bio: $bio}) { user { id bio } userErrors { code } }
}"""
WRONG_COUNTS = """
    select 'followers of ' || id from users
    where follower_count <> (select count(*) from follows where followee_id = users.id)
    union all select 'followees of ' || id from users
    where following_count <> (select count(*) from follows where follower_id = users.id)
    union all select 'posts of ' || author_id from author_counts
    where post_count <> (
        select count(*) from posts
        where posts.author_id = author_counts.author_id and feed_id is not null and deleted_at is null
    )
    union all select 'posts under ' || name from hashtags
    where post_count <> (select count(*) from hashtagged where hashtag_id = hashtags.id)
"""


@dataclass
class Crowd:
    """Readers, who have each an answer of their own that never changes; and writers, who never read."""

    world: World
    answers: list[tuple[Person, Any]]
    writers: list[Person]
    pictures: list[tuple[Person, str]]
    chosen: random.Random
    longest_s: float = 0.1
    cancelled: int = 0
    answered: int = 0

    async def hang_up_sometimes(self) -> None:
        """The patience settles where about a fifth is answered, however busy the machine is."""
        asking = asyncio.create_task(self.ask_something())
        await asyncio.wait([asking], timeout=self.chosen.uniform(0, self.longest_s))
        asking.cancel()
        try:
            await asking
            self.answered += 1
            self.longest_s *= 0.8
        except asyncio.CancelledError:
            self.cancelled += 1
            self.longest_s *= 1.05

    async def ask_something(self) -> None:
        if self.chosen.random() < 0.5:
            await self.read()
        else:
            await self.chosen.choice([self.follow, self.unfollow, self.describe, self.upload, self.post])()

    async def read(self) -> None:
        reader, answer = self.chosen.choice(self.answers)
        assert await self.world.ask(reader, FEED) == answer

    async def follow(self) -> None:
        follower, followee = self.chosen.sample(self.writers, 2)
        await self.world.do(follower, FOLLOW, id=followee.id)

    async def unfollow(self) -> None:
        follower, followee = self.chosen.sample(self.writers, 2)
        await self.world.do(follower, UNFOLLOW, id=followee.id)

    async def describe(self) -> None:
        writer, bio = self.chosen.choice(self.writers), f"I am number {self.chosen.random()}"
        changed = await self.world.do(writer, UPDATE_PROFILE, bio=bio)
        assert changed["user"] == {"id": writer.id, "bio": bio}

    async def upload(self) -> None:
        given = {"contentType": "image/jpeg", "byteSize": 1_000}
        await self.world.do(self.chosen.choice(self.writers), CREATE_UPLOAD, input=given)

    async def post(self) -> None:
        owner, picture = self.pictures.pop()
        await self.world.do(owner, CREATE_POST, input={"mediaIds": [picture], "caption": "#again"})


@pytest.fixture
async def process(world: World, settings: Settings) -> AsyncIterator[World]:
    """Of whose connections each is looked for."""
    async with another_process(settings) as process:
        yield process


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")  # graphql-core drops them
@pytest.mark.parametrize("requests", [2_000, pytest.param(10_000, marks=pytest.mark.long)])
async def test_thousands_of_requests_cancelled_at_random_leave_nothing_behind(
    process: World, caplog: pytest.LogCaptureFixture, requests: int
) -> None:
    caplog.set_level(logging.CRITICAL)  # a line for each request is no help
    crowd = await gathered(process, requests)
    numbers = iter(range(requests))

    async def keep_asking() -> None:
        for _ in numbers:
            await crowd.hang_up_sometimes()

    await asyncio.gather(*(keep_asking() for _ in range(AT_ONCE)))

    assert crowd.cancelled > requests / 4
    assert crowd.answered > requests / 20
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(crowd.read() for _ in range(AT_ONCE)))
    pool = process.app.deps.database.engine.sync_engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    assert await rows(process, "select pid from pg_stat_activity where state like 'idle in transaction%'") == []
    assert await rows(process, WRONG_COUNTS) == []
    gc.collect()  # what was dropped complains here and not in other tests


async def gathered(world: World, requests: int) -> Crowd:
    """Four readers with five followees each, who all have posts; six writers; more pictures than will be posted."""
    readers = [await world.person() for _ in range(4)]
    writers = [await world.person() for _ in range(6)]
    for reader in readers:
        followees = await add_people(world, 5)
        await add_follows(world, [reader.row_id], followees)
        await add_posts(world, followees, mention_ids=followees[:2])
    answers = [(reader, await world.ask(reader, FEED)) for reader in readers]
    owners = writers * (requests // 40)
    pictures = await add_pictures(world, [owner.row_id for owner in owners])
    posted = [(owner, encode("Media", picture)) for owner, picture in zip(owners, pictures, strict=True)]
    return Crowd(world, answers, writers, posted, random.Random(SEED))


async def rows(world: World, query: str) -> list[Any]:
    async with world.app.deps.database.read() as connection:
        return list(await connection.scalars(text(query)))
