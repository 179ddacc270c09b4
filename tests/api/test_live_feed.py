"""Subscriptions to the home feed."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from sqlalchemy import text

from rules.errors import TooSlow
from server.engine import Result
from services import publishing
from settings import Settings
from tests.api.subscribing import FEED_POST_ADDED, feed_cursor, results_of, subscribed
from tests.processes import another_process
from tests.world import World, row_id


async def test_a_followed_authors_post_and_ones_own_are_told_and_a_strangers_is_not(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    await world.follow(ben, ana)
    before = await world.post(ana)
    async with subscribed(world, ben, FEED_POST_ADDED) as events:
        posts = [await world.post(author) for author in (eva, ana, eva, ben)]
        first, second = await events.event(), await events.event()
    assert [first["edge"]["node"], second["edge"]["node"]] == [
        {"id": posts[1], "author": {"username": "ana"}},
        {"id": posts[3], "author": {"username": "ben"}},
    ]
    assert first["cursor"] == first["edge"]["cursor"]
    assert await world.feed(ben) == [posts[3], posts[1], before]


async def test_from_a_live_cursor_what_the_list_did_not_show_comes_first_and_then_what_happens(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    await world.post(ana)
    cursor = await feed_cursor(world, ben)
    missed = [await world.post(ana) for _ in range(3)]
    async with subscribed(world, ben, FEED_POST_ADDED, after=cursor) as events:
        live = [await world.post(ana) for _ in range(3)]
        assert await events.nodes(6) == [*missed, *live]


async def test_wherever_it_was_cut_a_resumed_subscription_repeats_and_misses_nothing(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    cursors = [await feed_cursor(world, ben)]
    posts = [await world.post(author) for author in (ana, ben, ana, ana, ben)]
    async with subscribed(world, ben, FEED_POST_ADDED, after=cursors[0]) as events:
        cursors += [(await events.event())["cursor"] for _ in posts]
    for cut, cursor in enumerate(cursors):
        async with subscribed(world, ben, FEED_POST_ADDED, after=cursor) as events:
            posts.append(await world.post(ana))
            assert await events.nodes(len(posts) - cut) == posts[cut:]


async def test_what_the_transport_knows_of_the_last_event_counts_more_than_the_argument(world: World) -> None:
    ben = await world.person("ben")
    cursor = await feed_cursor(world, ben)
    posts = [await world.post(ben) for _ in range(3)]
    async with subscribed(world, ben, FEED_POST_ADDED, after=cursor) as events:
        first = await events.event()
    async with subscribed(world, ben, FEED_POST_ADDED, after=cursor, resume_after=first["cursor"]) as events:
        assert await events.nodes(2) == posts[1:]


async def test_follows_and_deletions_between_events_show_at_the_next_one(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    async with subscribed(world, ben, FEED_POST_ADDED) as events:
        told = []
        for is_followed in (True, False, True):
            await (world.follow if is_followed else world.unfollow)(ben, ana)
            posts = [await world.post(ana), await world.post(ben)]
            told = await events.nodes(1 + is_followed)
            assert told == (posts if is_followed else posts[1:])


async def test_what_a_subscriber_may_not_see_any_more_when_it_is_delivered_is_dropped(
    world: World, settings: Settings
) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    for followee in (ana, eva):
        await world.follow(ben, followee)
    async with another_process(settings, live_shared_s=0) as process:
        context = await process.app.context(ben.access_token, None, "test")
        slow = results_of(process, context, FEED_POST_ADDED, after=await feed_cursor(world, ben))
        async with aclosing(slow), subscribed(process, ben, FEED_POST_ADDED) as quick:
            first = await world.post(eva)
            assert told(await anext(slow)) == first
            [_, deleted, kept] = [await world.post(author) for author in (ana, eva, eva)]
            await quick.nodes(4)
            await world.delete(eva, deleted)
            await world.unfollow(ben, ana)
            assert told(await anext(slow)) == kept


async def test_subscribing_takes_signing_in_and_a_cursor_of_a_feed(world: World) -> None:
    ben = await world.person("ben")
    async with subscribed(world, None, FEED_POST_ADDED) as events:
        assert await events.error() == "UNAUTHENTICATED"
    of_another_list = world.app.cursors.encode(f"PostsByAuthor:{ben.row_id}", 1)
    for cursor in (of_another_list, "", "x"):
        async with subscribed(world, ben, FEED_POST_ADDED, after=cursor) as events:
            assert await events.error() == "BAD_REQUEST"


async def test_who_has_missed_too_much_has_to_read_the_list_afresh(world: World, settings: Settings) -> None:
    ben = await world.person("ben")
    cursor = await feed_cursor(world, ben)
    posts = [await world.post(ben) for _ in range(3)]
    async with another_process(settings, live_resume_events=2) as process:
        async with subscribed(process, ben, FEED_POST_ADDED, after=cursor) as events:
            assert await events.error() == "CURSOR_EXPIRED"
        posts.append(await world.post(ben))
        page = await world.page(ben, first=3)
        async with subscribed(process, ben, FEED_POST_ADDED, after=page["edges"][2]["cursor"]) as events:
            assert await events.nodes(2) == posts[2:]


async def test_a_cursor_expires_when_what_was_missed_is_older_than_the_window_and_not_by_itself(
    world: World, settings: Settings
) -> None:
    ben = await world.person("ben")
    await world.post(ben)
    cursor = await feed_cursor(world, ben)
    async with another_process(settings, live_window_s=0) as process:
        async with subscribed(process, ben, FEED_POST_ADDED, after=cursor) as events:
            post = await world.post(ben)
            assert await events.nodes(1) == [post]
        async with subscribed(process, ben, FEED_POST_ADDED, after=cursor) as events:
            assert await events.error() == "CURSOR_EXPIRED"


async def test_who_does_not_take_his_events_is_ended_when_too_many_wait_and_may_resume(
    world: World, settings: Settings
) -> None:
    ben = await world.person("ben")
    async with another_process(settings, live_waiting=3) as process:
        context = await process.app.context(ben.access_token, None, "test")
        slow = results_of(process, context, FEED_POST_ADDED, after=await feed_cursor(world, ben))
        async with aclosing(slow), subscribed(process, ben, FEED_POST_ADDED) as quick:
            await world.post(ben)
            first = await anext(slow)
            posts = [await world.post(ben) for _ in range(4)]
            await quick.nodes(5)
            with pytest.raises(TooSlow):
                await anext(slow)
        async with subscribed(process, ben, FEED_POST_ADDED, after=first.cursor) as events:
            assert await events.nodes(4) == posts


async def test_subscribers_of_every_process_are_told_whichever_it_was_published_by(
    world: World, settings: Settings
) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    async with (
        another_process(settings) as process,
        subscribed(world, ben, FEED_POST_ADDED) as here,
        subscribed(process, ben, FEED_POST_ADDED) as there,
    ):
        posts = [await publisher.post(ana) for publisher in (world, process, world)]
        assert await here.nodes(3) == await there.nodes(3) == posts


async def test_publications_that_are_held_up_are_told_in_the_order_in_which_they_become_visible(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    for author in (ana, eva):
        await world.follow(ben, author)
    waiting = await world.picture(ana, status="PROCESSING")
    held = await world.post(ana, mediaIds=[waiting])
    async with subscribed(world, ben, FEED_POST_ADDED) as events:
        async with world.app.deps.database.unit_of_work() as uow:
            ready = "update media set status = 'READY' where id = :id"
            await uow.connection.execute(text(ready), {"id": row_id(waiting)})
            await publishing.settle(world.app.deps, uow, [row_id(held)])
            posting = asyncio.create_task(world.post(eva))
            await asyncio.wait([posting, events.coming], timeout=0.3)
            assert not posting.done()
            assert not events.coming.done()
        assert await events.nodes(2) == [held, await posting]


def told(result: Result) -> str:
    """The id of the post that an event is about."""
    data: Any = result.body["data"]
    return str(data["feedPostAdded"]["edge"]["node"]["id"])
