"""What a subscriber is told of, event by event: ids, to be judged and read when they are delivered.

With a position to go on `after`, what was missed comes first. `CursorExpired` where that is too much or too old;
`TooSlow` where too many events wait.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.errors import CursorExpired
from services.deps import Deps
from services.live.events import Event, Waiting
from services.live.tails import Gap, Tails
from services.notifications import Places
from settings import Settings
from stores.ids import floor_of
from stores.postgres import live
from stores.postgres.live import PUBLICATIONS, Happening

CHANGES_EVERY_S = 0.5
"""The contract: `postUpdated` comes at most twice a second."""

Missed = Callable[[AsyncConnection, int, int, int, int], Awaitable[Sequence[Happening]]]
"""(connection, whose, after, upto, most) -> the first rows above one position, up to and including another."""


class InboxEvent(NamedTuple):
    """That a notification came or grew; `is_new_post`: it is a post of that id, by its `feed_id`.

    `upto`: what the subscriber has been told of up to, this event included.
    """

    event: Event
    is_new_post: bool
    upto: Places


def feed_posts(deps: Deps, viewer_id: int, *, after: int | None) -> AsyncGenerator[Event, None]:
    """Posts that are published by the viewer and those whom he follows then; by `feed_id`."""
    return _events(deps, deps.live.publications, PUBLICATIONS, viewer_id, live.feed_between, viewer_id, after)


def comments(deps: Deps, viewer_id: int | None, post_id: int, *, after: int | None) -> AsyncGenerator[Event, None]:
    """Comments on a post; by their places."""
    return _events(deps, deps.live.comments, post_id, viewer_id, live.comments_between, post_id, after)


async def notifications(deps: Deps, viewer_id: int, *, after: Places | None) -> AsyncGenerator[InboxEvent, None]:
    """What comes into the viewer's inbox: what is stored there, and posts, each in its order."""
    waiting: Waiting[tuple[bool, Event]] = Waiting(deps.settings.live_waiting)
    place, feed_id = after or (None, None)
    stored = deps.live.inboxes.joined(viewer_id, viewer_id, lambda event: waiting.put((False, event)), place)
    new_posts = deps.live.publications.joined(
        PUBLICATIONS, viewer_id, lambda event: waiting.put((True, event)), feed_id
    )
    async with stored as inbox_gap, new_posts as feed_gap:
        missed = [
            *((False, row) for row in await _missed(deps, live.notifications_between, viewer_id, inbox_gap)),
            *((True, row) for row in await _missed(deps, live.feed_between, viewer_id, feed_gap)),
        ]
        upto = Places(inbox_gap.after, feed_gap.after)
        for is_new_post, row in sorted(missed, key=lambda one: one[1].position):
            upto = _moved(upto, is_new_post, row.position)
            yield InboxEvent(_own(viewer_id, row), is_new_post, upto)
        while True:
            is_new_post, event = await waiting.get()
            upto = _moved(upto, is_new_post, event.position)
            yield InboxEvent(event, is_new_post, upto)


async def post_changes(deps: Deps, viewer_id: int | None, post_id: int) -> AsyncGenerator[Event, None]:
    """First how a post is, then whenever it has changed."""
    async with deps.live.posts.joined(post_id, viewer_id) as latest:
        while True:
            yield await latest.get()
            await asyncio.sleep(CHANGES_EVERY_S)


async def _events(
    deps: Deps, tails: Tails, key: int, viewer_id: int | None, missed: Missed, whose: int, after: int | None
) -> AsyncGenerator[Event, None]:
    waiting: Waiting[Event] = Waiting(deps.settings.live_waiting)
    async with tails.joined(key, viewer_id, waiting.put, after) as gap:
        for row in await _missed(deps, missed, whose, gap):
            yield _own(viewer_id, row)
        while True:
            yield await waiting.get()


async def _missed(deps: Deps, missed: Missed, whose: int, gap: Gap) -> Sequence[Happening]:
    """What lies in the gap. A cursor does not age by itself: where nothing has happened since, nothing is missed."""
    if gap.after >= gap.upto:
        return []
    async with deps.database.read() as connection:
        rows = await missed(connection, whose, *gap, deps.settings.live_resume_events + 1)
    _refuse_expired(rows, deps.settings)
    return rows


def _refuse_expired(rows: Sequence[Happening], limits: Settings) -> None:
    oldest = floor_of(int((time.time() - limits.live_window_s) * 1_000))
    if len(rows) > limits.live_resume_events or (rows and rows[0].position < oldest):
        raise CursorExpired


def _own(viewer_id: int | None, row: Happening) -> Event:
    """An event that one subscriber missed."""
    return Event(row.position, row.thing_id, frozenset(() if viewer_id is None else (viewer_id,)))


def _moved(upto: Places, is_new_post: bool, position: int) -> Places:
    return upto._replace(feed_id=position) if is_new_post else upto._replace(place=position)
