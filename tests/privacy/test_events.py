"""Subscriptions: begun by whom the read rule allows, and each event judged, for each subscriber, at delivery."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import orjson
import pytest

from server.answers import Refused
from tests.api.subscribing import COMMENT_ADDED, FEED_POST_ADDED, POST_UPDATED, results_of, subscribed
from tests.inboxes import UPDATE_CAPTION, comment
from tests.patience import PATIENCE_S
from tests.privacy.asking import ghost
from tests.privacy.conftest import forget_the_town
from tests.privacy.matrix import KINDS, Cell, cells
from tests.privacy.town import NAMES, Town

pytestmark = pytest.mark.xdist_group("privacy")

READERS: list[str | None] = [*NAMES, None]
HIDDEN = [cell for cell in cells("content") if cell.answer == "no"]


@pytest.fixture(scope="module", autouse=True)
def _after_them() -> Iterator[None]:
    """They change the town."""
    yield
    forget_the_town()


async def refusal(town: Town, viewer: str | None, query: str, post: str) -> Any:
    """With what a subscription is refused."""
    token = None if viewer is None else town.people[viewer].access_token
    context = await town.world.app.context(token, None, "test")
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(Refused) as refused:
            await anext(results_of(town.world, context, query, post=post))
    return refused.value.status, refused.value.errors


@pytest.mark.parametrize("query", [COMMENT_ADDED, POST_UPDATED], ids=["commentAdded", "postUpdated"])
@pytest.mark.parametrize("cell", HIDDEN, ids=lambda cell: f"{cell.kind} for {cell.viewer}")
async def test_to_a_post_that_is_hidden_it_is_refused_as_to_none(town: Town, cell: Cell, query: str) -> None:
    viewer, post = town.viewer(cell.viewer, cell.kind), town.accounts[cell.kind].ids["post"]
    for one in (post, town.accounts[cell.kind].ids["draft"]):
        assert await refusal(town, viewer, query, one) == await refusal(town, viewer, query, ghost(post))


class Audience:
    """Everybody who subscribes to one thing, at once."""

    def __init__(self, town: Town, query: str, viewers: list[str | None], **variables: str) -> None:
        self._town, self._query, self._viewers, self._variables = town, query, viewers, variables
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Audience":
        people = {name: None if name is None else self._town.people[name] for name in self._viewers}
        self._subscribed = {
            name: await self._stack.enter_async_context(
                subscribed(self._town.world, person, self._query, **self._variables)
            )
            for name, person in people.items()
        }
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def told(self, viewer: str | None, count: int) -> list[Any]:
        """The next events, which hold no canary that is not for the viewer."""
        events = [await self._subscribed[viewer].event() for _ in range(count)]
        self._town.watch(viewer, orjson.dumps(events).decode())
        return events


@pytest.mark.parametrize("kind", KINDS)
async def test_a_comment_is_told_to_whom_its_author_is_there_for(town: Town, kind: str) -> None:
    world, owner, on = town.world, town.accounts[kind].owner, town.posts["nora"]
    async with Audience(town, COMMENT_ADDED, READERS, post=on) as audience:
        own, noras = [await comment(world, town.people[name], on, "Hello") for name in (owner, "nora")]
        for viewer in READERS:
            due = [own, noras] if town.sees_card(viewer, owner) else [noras]
            events = await audience.told(viewer, len(due))
            assert [event["edge"]["node"]["id"] for event in events] == due


@pytest.mark.parametrize("kind", KINDS)
async def test_comments_on_a_post_and_its_changes_are_told_to_whom_it_is_there_for(town: Town, kind: str) -> None:
    world, owner, post = town.world, town.accounts[kind].owner, town.accounts[kind].ids["post"]
    seeing = [viewer for viewer in READERS if town.sees_content(viewer, owner)]
    async with (
        Audience(town, COMMENT_ADDED, seeing, post=post) as comments,
        Audience(town, POST_UPDATED, seeing, post=post) as changes,
    ):
        said = await comment(world, town.people["fran"], post, "Hello")
        await world.do(town.people[owner], UPDATE_CAPTION, id=post, caption="Other words")
        for viewer in seeing:
            assert (await comments.told(viewer, 1))[0]["edge"]["node"]["id"] == said
            while (await changes.told(viewer, 1))[0]["caption"] != "Other words":
                pass


@pytest.mark.parametrize("kind", KINDS)
async def test_a_new_post_is_told_to_whom_it_is_in_the_feed_of(town: Town, kind: str) -> None:
    owner = town.accounts[kind].owner
    followers = [name for name in NAMES if name == "nora" or (name, "nora") in town.follows]
    async with Audience(town, FEED_POST_ADDED, [*followers]) as audience:
        own, noras = [await town.world.post(town.people[name]) for name in (owner, "nora")]
        for viewer in followers:
            due = [own, noras] if town.is_in_feed(viewer, owner) else [noras]
            events = await audience.told(viewer, len(due))
            assert [event["edge"]["node"]["id"] for event in events] == due
