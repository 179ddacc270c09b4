"""The demo of a first start, with few people and photos."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from dev import demo
from dev.demo import plan
from dev.demo.people import NEWCOMER
from dev.pictures import people
from settings import Settings
from stores.ids import floor_of
from stores.postgres.tables import (
    comments,
    feed_clock,
    follows,
    hashtagged,
    likes,
    media,
    posts,
    sessions,
    users,
)
from tests.inboxes import told
from tests.patience import PATIENCE_S
from tests.world import Person, World, emptied, web_client

SIZE, PHOTOS = 5, 6
PASSWORD = "a password of the demo"
LOG_IN = """mutation ($input: LogInInput!) {
  logIn(input: $input) { tokens { accessToken refreshToken } viewer { user { id } } userErrors { code } }
}"""
FEED = """{ viewer { feed(first: 100) { edges { node {
  id caption hashtags author { username displayName bio } media { url status width altText blurhash }
} } } } }"""


@pytest.fixture(scope="module")
async def filled(photofeed: World, settings: Settings) -> AsyncIterator[World]:
    """A world with the demo in it, for the tests that do not mind each other; before those that empty it."""
    await emptied(photofeed.app)
    await fill(settings)
    yield photofeed
    await emptied(photofeed.app)


async def fill(settings: Settings) -> None:
    await demo.fill_if_empty(settings, login="ana", password=PASSWORD, size=SIZE, photos=PHOTOS)


async def log_in(world: World) -> Person:
    signed_in = await world.do(None, LOG_IN, input={"login": "ana", "password": PASSWORD})
    tokens = signed_in["tokens"]
    return Person(signed_in["viewer"]["user"]["id"], "ana", tokens["accessToken"], tokens["refreshToken"])


async def counts(world: World) -> list[int]:
    return [await world.count(table) for table in (users, follows, posts, media, hashtagged, likes, comments)]


async def reached(world: World, enough: int) -> None:
    """Until so many posts are there."""
    async with asyncio.timeout(PATIENCE_S):
        while await world.count(posts) < enough:  # noqa: ASYNC110 - another connection makes them
            await asyncio.sleep(0.01)


async def authors(world: World) -> list[str]:
    """Of all posts, in the order of publication."""
    statement = select(users.c.username).join(posts, users.c.id == posts.c.author_id).order_by(posts.c.feed_id)
    async with world.app.deps.database.read() as connection:
        return list(await connection.scalars(statement))


async def test_nobody_stays_signed_in(filled: World) -> None:
    async with filled.app.deps.database.read() as connection:
        assert list(await connection.scalars(select(sessions.c.id).where(sessions.c.ended_at.is_(None)))) == []


async def test_a_newcomer_logs_in_and_sees_the_photos_of_those_whom_the_demo_follows(filled: World) -> None:
    shown = [edge["node"] for edge in (await filled.ask(await log_in(filled), FEED))["viewer"]["feed"]["edges"]]
    assert len(shown) > 3
    assert {post["author"]["username"] for post in shown} > {"ana"}
    async with web_client() as browser:
        for post in shown:
            assert post["caption"]
            assert post["hashtags"]
            assert post["author"]["bio"]
            for picture in post["media"]:
                assert picture["altText"]
                assert (await browser.get(picture["url"])).content[8:12] == b"WEBP"


async def test_all_of_it_is_published_in_the_past_and_in_order(filled: World) -> None:
    async with filled.app.deps.database.read() as connection:
        dated = list(await connection.execute(select(posts).order_by(posts.c.feed_id)))
        joined = list(await connection.scalars(select(users.c.created_at)))
        listed = set(await connection.scalars(select(hashtagged.c.feed_id)))
        last = await connection.scalar(select(feed_clock.c.last))
    moments = [row.published_at for row in dated]
    assert moments == sorted(moments)
    assert [row.feed_id >> 23 for row in dated] == [floor_of(int(at.timestamp() * 1000)) >> 23 for at in moments]
    assert moments[-1].timestamp() < time.time()
    assert (moments[-1] - moments[0]).days > 14
    assert min(joined) < moments[0]
    assert listed <= {row.feed_id for row in dated}
    assert last is not None
    assert dated[-1].feed_id < last


async def test_a_photo_published_after_it_is_first(filled: World) -> None:
    ana = await log_in(filled)
    post_id = await filled.post(ana, "Mine")
    assert (await filled.feed(ana))[0] == post_id


async def test_its_viewer_has_been_told_of_something(filled: World) -> None:
    ana = await log_in(filled)
    kinds = {one.kind for one in await told(filled, ana)}
    assert kinds >= {"NEW_POST", "FOLLOW"}
    assert kinds & {"POST_LIKED", "POST_COMMENTED", "COMMENT_LIKED", "MENTION"}


async def test_the_next_start_changes_nothing(filled: World, settings: Settings) -> None:
    ana = await log_in(filled)
    await filled.delete(ana, (await filled.feed(ana))[0])
    before = await counts(filled)
    await fill(settings)
    assert await counts(filled) == before


async def test_a_database_with_somebody_in_it_is_left_alone(world: World, settings: Settings) -> None:
    await world.person("ana")
    await fill(settings)
    assert await counts(world) == [1, 0, 0, 0, 0, 0, 0]


async def test_interrupted_it_goes_on(world: World, settings: Settings) -> None:
    for enough in (1, 2):
        filling = asyncio.create_task(fill(settings))
        await reached(world, enough)
        filling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await filling
    await fill(settings)
    cast = people(SIZE, seed=1)
    assert await authors(world) == [each.author.username for each in plan.posts(cast, PHOTOS)]
    assert await world.count(follows) == len(plan.follows(cast))
    assert await world.count(users) == SIZE + 1


def test_everybody_follows_others_once() -> None:
    cast = people(24, seed=1)
    chosen = plan.follows(cast)
    assert len(set(chosen)) == len(chosen)
    assert all(follower != followee for follower, followee in chosen)
    assert Counter(follower.username for follower, _ in chosen)["ana"] == 12
    assert {follower for follower, _ in chosen} == set(cast)


def test_every_picture_is_in_one_post_and_some_are_together() -> None:
    plans = plan.posts(people(24, seed=1), 60)
    assert sorted(number for each in plans for number in each.pictures) == list(range(60))
    assert {len(each.pictures) for each in plans} >= {1, 2, 3}
    assert all(each.mentioned != each.author for each in plans)


def test_the_newcomer_is_none_of_the_others() -> None:
    assert NEWCOMER.username not in {person.username for person in people(100, seed=1)}
