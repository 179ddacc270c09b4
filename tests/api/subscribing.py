"""Subscriptions as a client has them, without a transport."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from resolvers.context import Context
from schema import schema
from server.answers import Refused
from server.engine import Engine, Result
from server.requests import GraphQLRequest
from tests.patience import PATIENCE_S
from tests.world import Person, World

FEED_POST_ADDED = """subscription ($after: String) {
  feedPostAdded(after: $after) { cursor edge { cursor node { id author { username } } } }
}"""
COMMENT_ADDED = """subscription ($post: ID!, $after: String) {
  commentAdded(postId: $post, after: $after) { cursor edge { cursor node { id text author { username } } } }
}"""
POST_UPDATED = """subscription ($post: ID!) {
  postUpdated(postId: $post) { caption likeCount commentCount viewerHasLiked }
}"""
NOTIFICATION_ADDED = """subscription ($after: String) {
  notificationAdded(after: $after) { cursor edge { cursor node { id kind actorCount isRead post { id } } } }
}"""
LIVE_CURSOR = "{ viewer { feed(first: 1) { liveCursor } } }"
COMMENTS = """query ($post: ID!, $first: Int) {
  post(id: $post) { comments(first: $first) { liveCursor edges { node { id } } } }
}"""


@dataclass
class Subscribed:
    """`coming`: the next event, which is asked for all the time, as a transport does."""

    results: AsyncGenerator[Result, None]
    coming: asyncio.Task[Result]

    async def event(self) -> Any:
        """The next event: the data of its one field."""
        async with asyncio.timeout(PATIENCE_S):
            result = await self.coming
        self.coming = asyncio.create_task(anext(self.results))
        assert "errors" not in result.body, result.body
        [event] = result.body["data"].values()  # type: ignore[attr-defined]
        return event

    async def nodes(self, count: int) -> list[str]:
        """The ids of what the next events are about."""
        return [(await self.event())["edge"]["node"]["id"] for _ in range(count)]

    async def error(self) -> str:
        """The code with which it breaks off."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                result = await self.coming
            except Refused as refused:
                [error] = refused.errors
                return str(error["extensions"]["code"])  # type: ignore[index]
        raise AssertionError(result)

    async def ended(self) -> None:
        """Wait until it ends by itself."""
        async with asyncio.timeout(PATIENCE_S):
            try:
                result = await self.coming
            except StopAsyncIteration:
                return
        raise AssertionError(result)


def results_of(world: World, context: Context, query: str, **variables: Any) -> AsyncGenerator[Result, None]:
    """A subscription's results, which its subscriber takes when he likes."""
    engine = Engine(schema, world.app.deps.settings)
    return engine.results(engine.asked(GraphQLRequest(query, variables, None), "test"), context)


@asynccontextmanager
async def subscribed(world: World, who: Person | None, query: str, **variables: Any) -> AsyncIterator[Subscribed]:
    """In the block, a subscription; without a cursor it goes on from the time when the block is entered."""
    token = who.access_token if who else None
    joined = _subscribers(world) + (2 if query == NOTIFICATION_ADDED else 1)  # that one follows two tails
    context = await world.app.context(token, None, "test", resume_after=variables.pop("resume_after", None))
    async with aclosing(results_of(world, context, query, **variables)) as results:
        one = Subscribed(results, asyncio.create_task(anext(results)))
        while not one.coming.done() and _subscribers(world) < joined:  # noqa: ASYNC110  # nobody sets an Event
            await asyncio.sleep(0.001)
        try:
            yield one
        finally:
            one.coming.cancel()
            await asyncio.wait([one.coming])


def _subscribers(world: World) -> int:
    """How many have joined in this process."""
    live = world.app.deps.live
    tails = [tail for tails in (live.publications, live.comments, live.inboxes) for tail in tails.followed.values()]
    seats = sum(len(seats) for tail in tails for seats in tail.seats.values())
    return seats + sum(len(watched.watching) for watched in live.posts.followed.values())


async def feed_cursor(world: World, who: Person) -> str:
    return str((await world.ask(who, LIVE_CURSOR))["viewer"]["feed"]["liveCursor"])
