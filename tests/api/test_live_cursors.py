"""A list and what follows it live fit together: what comes while the list is read is told, and not shown."""

from typing import Any

import pytest

from loaders.reactions import CommentsByPost
from stores.postgres.pages import Below
from stores.rows import Entry
from tests.api.subscribing import COMMENT_ADDED, COMMENTS, FEED_POST_ADDED, subscribed
from tests.api.test_live_comments import comment
from tests.world import World

PAGE = "{ viewer { feed { liveCursor edges { node { id } } } } }"


@pytest.mark.parametrize("has_timeline", [True, False])
async def test_a_post_that_is_published_while_a_feed_is_read_is_told_and_not_shown(
    world: World, monkeypatch: pytest.MonkeyPatch, has_timeline: bool
) -> None:
    ben = await world.person("ben")
    before = await world.post(ben)
    if has_timeline:
        await world.feed(ben)
        await world.app.deps.upkeep.done()
    timelines, published = world.app.deps.timelines, []
    read = timelines.read

    async def publish_and_read(*asked: Any, **more: Any) -> Any:
        published.append(await world.post(ben))
        return await read(*asked, **more)

    monkeypatch.setattr(timelines, "read", publish_and_read)
    page = (await world.ask(ben, PAGE))["viewer"]["feed"]
    monkeypatch.undo()
    assert [edge["node"]["id"] for edge in page["edges"]] == [before]
    async with subscribed(world, ben, FEED_POST_ADDED, after=page["liveCursor"]) as events:
        assert await events.nodes(1) == published


async def test_a_comment_that_is_made_while_a_post_is_read_is_told_and_not_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    before, made = await comment(world, ana, post), []
    read = CommentsByPost.batch_load_fn

    async def comment_and_read(self: CommentsByPost, keys: list[Below]) -> list[list[Entry]]:
        monkeypatch.undo()
        made.append(await comment(world, ana, post))
        return await read(self, keys)

    monkeypatch.setattr(CommentsByPost, "batch_load_fn", comment_and_read)
    page = (await world.ask(ana, COMMENTS, post=post))["post"]["comments"]
    assert [edge["node"]["id"] for edge in page["edges"]] == [before]
    async with subscribed(world, ana, COMMENT_ADDED, post=post, after=page["liveCursor"]) as events:
        assert await events.nodes(1) == made
