"""A tail that fails in the middle of a look."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.live.tails import Viewers
from stores.errors import StoreUnavailable
from stores.postgres.live import Happening
from tests.api.subscribing import FEED_POST_ADDED, feed_cursor, subscribed
from tests.world import World


async def test_who_joins_while_a_look_fails_is_told_everything_once_and_so_is_who_was_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newcomer reads himself what the look has read and could not tell; the next look reads it again."""
    ben = await world.person("ben")
    cursor = await feed_cursor(world, ben)
    tails = world.app.deps.live.publications
    has_read, may_fail = asyncio.Event(), asyncio.Event()
    ask = tails.source.concerned

    async def fail_once(connection: AsyncConnection, found: Sequence[Happening], viewers: Viewers) -> Sequence[Viewers]:
        monkeypatch.undo()
        has_read.set()
        await may_fail.wait()
        raise StoreUnavailable("for the test")

    async with subscribed(world, ben, FEED_POST_ADDED, after=cursor) as there:
        monkeypatch.setattr(tails, "source", tails.source._replace(concerned=fail_once))
        posts = [await world.post(ben)]
        await has_read.wait()
        assert tails.source.concerned is ask
        async with subscribed(world, ben, FEED_POST_ADDED, after=cursor) as newcomer:
            assert await newcomer.nodes(1) == posts
            may_fail.set()
            posts.append(await world.post(ben))
            assert await there.nodes(2) == posts
            assert await newcomer.nodes(1) == posts[1:]
