"""Subscriptions to the comments of a post."""

import asyncio
from typing import Any

import pytest

from rules.node_ids import encode
from settings import Settings
from stores.postgres import comments, posts
from stores.postgres.comments import NewComment
from stores.postgres.database import UnitOfWork
from tests.api.subscribing import COMMENT_ADDED, COMMENTS, subscribed
from tests.processes import another_process
from tests.world import Person, World, row_id

ADD_COMMENT = """mutation ($post: ID!, $text: String!) {
  addComment(input: {postId: $post, text: $text}) { comment { id } userErrors { code } }
}"""
DELETE_COMMENT = """mutation ($id: ID!) { deleteComment(input: {commentId: $id}) { userErrors { code } } }"""


async def comment(world: World, who: Person, post: str, text: str = "hi") -> str:
    return str((await world.do(who, ADD_COMMENT, post=post, text=text))["comment"]["id"])


async def add_in(uow: UnitOfWork, comment_id: int, author: Person, post_id: int) -> str:
    """What a transaction does that adds a comment."""
    [post] = await posts.locked(uow.connection, [post_id])
    places = await comments.make_room(uow.connection, {post_id: 1}, earliest=0)
    row = NewComment(comment_id, post_id, post.author_id, author.row_id, "", [], places[post_id])
    await comments.add(uow.connection, [row])
    return encode("Comment", comment_id)


async def listed(world: World, post: str) -> Any:
    return (await world.ask(None, COMMENTS, post=post, first=100))["post"]["comments"]


async def test_a_comment_is_told_to_whoever_follows_the_post_also_signed_out_and_on_no_other_post(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post, other = await world.post(ana), await world.post(ana)
    async with (
        subscribed(world, ana, COMMENT_ADDED, post=post) as anas,
        subscribed(world, None, COMMENT_ADDED, post=post) as strangers,
    ):
        await comment(world, ben, other)
        said = await comment(world, ben, post, "well")
        for events in (anas, strangers):
            event = await events.event()
            assert event["edge"]["node"] == {"id": said, "text": "well", "author": {"username": "ben"}}
            assert event["cursor"] == event["edge"]["cursor"]


async def test_from_the_live_cursor_of_a_list_or_of_any_event_each_comment_comes_once(world: World) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    cursors = [(await listed(world, post))["liveCursor"]]
    said = [await comment(world, ana, post) for _ in range(4)]
    async with subscribed(world, ana, COMMENT_ADDED, post=post, after=cursors[0]) as events:
        cursors += [(await events.event())["cursor"] for _ in said]
    for cut, cursor in enumerate(cursors):
        async with subscribed(world, ana, COMMENT_ADDED, post=post, after=cursor) as events:
            said.append(await comment(world, ana, post))
            assert await events.nodes(len(said) - cut) == said[cut:]
    assert [edge["node"]["id"] for edge in (await listed(world, post))["edges"]] == said[::-1]


async def test_the_live_cursor_of_a_quiet_posts_comments_does_not_age(world: World, settings: Settings) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    await comment(world, ana, post)
    cursor = (await listed(world, post))["liveCursor"]
    async with another_process(settings, live_window_s=0) as process:
        async with subscribed(process, ana, COMMENT_ADDED, post=post, after=cursor) as events:
            said = await comment(world, ana, post)
            assert await events.nodes(1) == [said]
        async with subscribed(process, ana, COMMENT_ADDED, post=post, after=cursor) as events:
            assert await events.error() == "CURSOR_EXPIRED"


async def test_comments_that_are_gone_when_they_are_delivered_are_dropped(world: World) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    cursor = (await listed(world, post))["liveCursor"]
    said = [await comment(world, ana, post) for _ in range(3)]
    await world.do(ana, DELETE_COMMENT, id=said.pop(1))
    async with subscribed(world, ana, COMMENT_ADDED, post=post, after=cursor) as events:
        assert await events.nodes(2) == said


@pytest.mark.parametrize("which", ["deleted", "of another type", "malformed", "not published"])
async def test_comments_of_what_one_may_not_see_are_refused_like_those_of_what_does_not_exist(
    world: World, which: str
) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    waiting = await world.picture(ana, status="PROCESSING")
    post = await (world.post(ana, mediaIds=[waiting]) if which == "not published" else world.post(ana))
    if which == "deleted":
        await world.delete(ana, post)
    asked = {"of another type": ana.id, "malformed": "x"}.get(which, post)
    async with subscribed(world, ben, COMMENT_ADDED, post=asked) as events:
        assert await events.error() == "BAD_REQUEST"


async def test_a_cursor_of_another_posts_comments_is_refused(world: World) -> None:
    ana = await world.person("ana")
    post, other = await world.post(ana), await world.post(ana)
    cursor = (await listed(world, other))["liveCursor"]
    async with subscribed(world, ana, COMMENT_ADDED, post=post, after=cursor) as events:
        assert await events.error() == "BAD_REQUEST"


async def test_comments_that_are_held_up_are_told_in_the_order_of_the_list(world: World) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    async with subscribed(world, ana, COMMENT_ADDED, post=post) as events:
        async with world.app.deps.database.unit_of_work() as uow:
            held = await add_in(uow, await world.app.deps.ids.mint(), ana, row_id(post))
            saying = asyncio.create_task(comment(world, ana, post))
            await asyncio.wait([saying, events.coming], timeout=0.3)
            assert not saying.done()
            assert not events.coming.done()
        assert await events.nodes(2) == [held, await saying]


async def test_comments_written_by_one_process_are_told_by_another(world: World, settings: Settings) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    async with another_process(settings) as process, subscribed(process, ana, COMMENT_ADDED, post=post) as events:
        said = [await comment(world, ana, post) for _ in range(3)]
        assert await events.nodes(3) == said
