"""All who are told of one event ask together, and each is answered for himself."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from loaders import audience
from settings import Settings
from tests.api.subscribing import subscribed
from tests.processes import another_process
from tests.world import World

LIKE = """mutation ($id: ID!) { likePost(input: {postId: $id}) { userErrors { code } } }"""
SAVE = """mutation ($id: ID!) { savePost(input: {postId: $id}) { userErrors { code } } }"""
COMMENT = """mutation ($id: ID!) {
  addComment(input: {postId: $id, text: "hi"}) { comment { id } userErrors { code } }
}"""
SAID = """subscription ($post: ID!) { commentAdded(postId: $post) { edge { node {
  viewerCanDelete author { viewerIsFollowing isFollowingViewer isViewer } post { viewerHasLiked viewerHasSaved }
} } } }"""
STRANGER = {"viewerIsFollowing": False, "isFollowingViewer": False, "isViewer": False}
PLAIN = {"viewerHasLiked": False, "viewerHasSaved": False}


def node(*, deletable: bool = False, author: dict[str, bool] = STRANGER, post: dict[str, bool] = PLAIN) -> object:
    return {"viewerCanDelete": deletable, "author": author, "post": post}


@pytest.mark.parametrize("pairs_most", [audience.PAIRS_MOST, 0], ids=["together", "each for himself"])
async def test_each_subscriber_of_an_event_is_answered_for_himself(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, pairs_most: int
) -> None:
    monkeypatch.setattr(audience, "PAIRS_MOST", pairs_most)
    ana, ben, eva, dan = [await world.person(name) for name in ("ana", "ben", "eva", "dan")]
    post = await world.post(ana)
    await world.follow(ben, dan)
    await world.follow(dan, eva)
    await world.do(ben, LIKE, id=post)
    await world.do(eva, SAVE, id=post)
    async with another_process(settings, live_shared_s=60) as process, AsyncExitStack() as stack:
        opening = (subscribed(process, who, SAID, post=post) for who in (ana, ben, eva, dan, None))
        told = [await stack.enter_async_context(one) for one in opening]
        await world.do(dan, COMMENT, id=post)
        events = await asyncio.gather(*(one.event() for one in told))
    assert [event["edge"]["node"] for event in events] == [
        node(deletable=True),
        node(author=STRANGER | {"viewerIsFollowing": True}, post=PLAIN | {"viewerHasLiked": True}),
        node(author=STRANGER | {"isFollowingViewer": True}, post=PLAIN | {"viewerHasSaved": True}),
        node(deletable=True, author=STRANGER | {"isViewer": True}),
        node(),
    ]


async def test_a_later_event_is_answered_anew(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post = await world.post(ana)
    async with subscribed(world, ben, SAID, post=post) as events:
        for likes in (False, True):
            if likes:
                await world.do(ben, LIKE, id=post)
                await world.follow(ben, ana)
            await world.do(ana, COMMENT, id=post)
            told = (await events.event())["edge"]["node"]
            assert (told["post"]["viewerHasLiked"], told["author"]["viewerIsFollowing"]) == (likes, likes)
