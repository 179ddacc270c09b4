"""Subscriptions: each event is judged, for its viewer, when it is delivered."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Generic, NamedTuple, TypeVar

import strawberry

from execution.loader import Loader
from loaders.notifications import NewPostsByPost, OwnNotificationById
from loaders.posts import FeedPostById, VisiblePostById
from loaders.reactions import CommentsByPost, VisibleCommentById
from loaders.scope import Scope
from resolvers import feed
from resolvers.context import Context, Info
from resolvers.notifications import edge_of, event_cursor, event_places
from resolvers.paging import At, PageEdge, name_of
from rules.errors import BadRequest
from rules.node_ids import id_of
from services.live import streams
from services.live.events import Event
from stores.errors import StoreUnavailable
from stores.rows import Comment, Notification, Post

T = TypeVar("T")
RETRY_S = 0.5


class Told(NamedTuple, Generic[T]):
    """An event as its subscriber gets it; after its cursor he may resume."""

    cursor: str
    edge: PageEdge[T]


async def feed_post_added(info: Info, after: str | None = None) -> AsyncGenerator[Told[Post], None]:
    context, viewer_id = info.context, info.context.signed_in().user_id
    events = streams.feed_posts(context.deps, viewer_id, after=_resumed(context, feed.FEED, after))
    async with aclosing(_told(context, feed.FEED, events, FeedPostById)) as told:
        async for one in told:
            yield one


async def comment_added(
    info: Info, post_id: strawberry.ID, after: str | None = None
) -> AsyncGenerator[Told[Comment], None]:
    context, row_id = info.context, await _seen_post(info.context, post_id)
    list_name = name_of(CommentsByPost, row_id)
    resumed = _resumed(context, list_name, after)
    events = streams.comments(context.deps, context.viewer_id, row_id, after=resumed)
    async with aclosing(_told(context, list_name, events, VisibleCommentById)) as told:
        async for one in told:
            yield one


async def post_updated(info: Info, post_id: strawberry.ID) -> AsyncGenerator[Post, None]:
    context, row_id = info.context, await _seen_post(info.context, post_id)
    last: Post | None = None
    async with aclosing(streams.post_changes(context.deps, context.viewer_id, row_id)) as events:
        async for event in events:
            post = await _judged(context, event, VisiblePostById)
            if post is None:
                return
            if last is not None and post != last:
                yield post
            last = post


async def notification_added(info: Info, after: str | None = None) -> AsyncGenerator[Told[Notification], None]:
    """The entry as it is. One that has grown again meanwhile is told of once, by the event of that."""
    context, viewer_id = info.context, info.context.signed_in().user_id
    cursor = context.resume_after or after
    places = None if cursor is None else event_places(context.cursors, viewer_id, cursor)
    async with aclosing(streams.notifications(context.deps, viewer_id, after=places)) as events:
        async for event, is_new_post, upto in events:
            entry = await _judged(context, event, NewPostsByPost if is_new_post else OwnNotificationById)
            if entry is not None and entry.place == event.position:
                yield Told(event_cursor(context.cursors, viewer_id, upto), edge_of(entry))


def _resumed(context: Context, list_name: str, after: str | None) -> int | None:
    """The position to go on after: what the transport knows is newer than what the operation says."""
    cursor = context.resume_after or after
    return None if cursor is None else context.cursors.decode(list_name, cursor)


async def _told(
    context: Context, list_name: str, events: AsyncGenerator[Event, None], rows: type[Loader[Scope, int, T | None]]
) -> AsyncGenerator[Told[T], None]:
    """Those events whose things the viewer may see when they are delivered."""
    async with aclosing(events):
        async for event in events:
            row = await _judged(context, event, rows)
            if row is not None:
                at = At(list_name, event.position)
                yield Told(context.cursors.encode(*at), PageEdge(at, row))


async def _judged(context: Context, event: Event, rows: type[Loader[Scope, int, T | None]]) -> T | None:
    """The thing of an event, if the viewer may see it; waited for while Postgres is away."""
    while True:
        context.turn_to(event)
        try:
            return await context.loaders[rows].load(event.thing_id)
        except StoreUnavailable:
            await asyncio.sleep(RETRY_S)


async def _seen_post(context: Context, node_id: str) -> int:
    """The id of a post that the viewer may see; what he may not see is refused like what does not exist."""
    post_id = id_of("Post", node_id)
    if post_id is None or await context.loaders[VisiblePostById].load(post_id) is None:
        raise BadRequest("There is no such post.")
    return post_id
