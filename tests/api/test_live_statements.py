"""An event costs as many statements whatever the number of its subscribers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager

import pytest
from sqlalchemy import event

from settings import Settings
from tests.api.subscribing import COMMENT_ADDED, NOTIFICATION_ADDED, subscribed
from tests.api.test_live_comments import comment
from tests.api.test_statements import POST
from tests.processes import another_process
from tests.world import World

FEED_PAGE = (
    """subscription ($after: String) { feedPostAdded(after: $after) { cursor edge { node {
  ...Full viewerHasLiked viewerHasSaved likeCount commentCount
  comments(first: 2) { liveCursor edges { node { text viewerHasLiked viewerCanDelete author { ...Card } } } }
} } } }"""
    + POST
)
LOOKS = "where feed_id > ", "order by asked."
"""In the statements with which a process looks for what has happened: it does so now and then, too."""


@pytest.fixture
async def process(world: World, settings: Settings) -> AsyncIterator[World]:
    """Another process, where what is asked for an event stays known however slow the machine is."""
    async with another_process(settings, live_shared_s=60, live_look_s=60) as process:
        yield process


async def test_fifty_subscribers_of_a_post_take_as_many_statements_as_one(world: World, process: World) -> None:
    ana = await world.person("ana")
    people = [await world.person() for _ in range(50)]
    for person in people:
        await world.follow(person, ana)
    counts = []
    for subscribers in (1, 50):
        async with AsyncExitStack() as stack:
            told = [
                await stack.enter_async_context(subscribed(process, one, FEED_PAGE)) for one in people[:subscribers]
            ]
            with statements(process) as made:
                await world.post(ana, "@ben #tag", location={"name": "here"})
                nodes = [one["edge"]["node"] for one in await asyncio.gather(*(each.event() for each in told))]
            counts.append(made)
        assert all(node["author"]["viewerIsFollowing"] and node["media"] for node in nodes)
    assert counts[0] == counts[1]


async def test_fifty_subscribers_of_a_comment_take_as_many_statements_as_one(world: World, process: World) -> None:
    ana = await world.person("ana")
    people = [await world.person() for _ in range(50)]
    post = await world.post(ana)
    counts = []
    for subscribers in (1, 50):
        async with AsyncExitStack() as stack:
            opening = (subscribed(process, one, COMMENT_ADDED, post=post) for one in people[:subscribers])
            told = [await stack.enter_async_context(one) for one in opening]
            with statements(process) as made:
                said = await comment(world, ana, post)
                events = await asyncio.gather(*(each.event() for each in told))
            counts.append(made)
        assert {one["edge"]["node"]["id"] for one in events} == {said}
    assert counts[0] == counts[1]


async def test_fifty_inboxes_that_a_new_post_comes_into_take_as_many_statements_as_one(
    world: World, process: World
) -> None:
    ana = await world.person("ana")
    people = [await world.person() for _ in range(50)]
    for person in people:
        await world.follow(person, ana)
    await world.run_jobs()
    counts = []
    for subscribers in (1, 50):
        async with AsyncExitStack() as stack:
            opening = (subscribed(process, one, NOTIFICATION_ADDED) for one in people[:subscribers])
            told = [await stack.enter_async_context(one) for one in opening]
            with statements(process) as made:
                post = await world.post(ana)
                events = await asyncio.gather(*(each.event() for each in told))
            counts.append(made)
        assert [one["edge"]["node"]["post"]["id"] for one in events] == [post] * subscribers
    assert counts[0] == counts[1]


@contextmanager
def statements(world: World) -> Iterator[Counter[str]]:
    """All that the block, and whatever goes on beside it, asks of Postgres, looks aside."""
    engine = world.app.deps.database.engine.sync_engine
    made: Counter[str] = Counter()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not any(look in statement for look in LOOKS):
            made[statement] += 1

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(engine, "before_cursor_execute", note)
