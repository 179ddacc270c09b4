"""An inbox as it is read: what is stored in it, and among that the new posts of the home feed.

A position in it stands for a place and what has it: a stored notification, or new posts, which have a `feed_id`.
"""

import time
from typing import NamedTuple

from rules.notifications import day_of, first_of, newest_of_days
from services import feed
from services.deps import Deps
from stores.ids import floor_of
from stores.postgres import inboxes, notifications, posts
from stores.postgres.inboxes import Inbox
from stores.rows import NewPosts, Notification

UNREAD_MOST = 100
TOP = 2**64 - 1
"""Above every position."""


class Part(NamedTuple):
    """Some of an inbox, the highest position first: all that there is at and above `low` (0: all there is)."""

    entries: list[Notification]
    low: int


class Places(NamedTuple):
    """How far an inbox goes, or is read: the highest place of what is stored, and the highest `feed_id`."""

    place: int
    feed_id: int


def position_of(entry: Notification) -> int:
    return entry.place * 2 + (0 if isinstance(entry, NewPosts) else 1)


def places_of(position: int) -> Places:
    """What is at and below a position."""
    return Places(position // 2, position // 2)


async def part_below(deps: Deps, viewer_id: int, inbox: Inbox, position: int, *, most: int, unread_only: bool) -> Part:
    """The next below a position, none of it above where `inbox` ends: about `most`, as far as both sources tell."""
    marks = Places(inbox.read_place, inbox.read_feed_id) if unread_only else Places(0, 0)
    stored = await _stored(deps, viewer_id, min(position // 2, inbox.last + 1), above=marks.place, most=most)
    derived = await _derived(deps, viewer_id, inbox, (position + 1) // 2, above=marks.feed_id, most=most)
    low = max(stored.low, derived.low)
    together = sorted([*stored.entries, *derived.entries], key=position_of, reverse=True)
    return Part([entry for entry in together if position_of(entry) >= low], low)


async def mark_read(deps: Deps, viewer_id: int, *, up_to: Places | None) -> None:
    """Move the read-mark forward to these places, or to the end of the inbox; never back."""
    place, feed_id = up_to or Places(TOP // 2, TOP // 2)
    async with deps.database.unit_of_work() as uow:
        await inboxes.mark_read(uow.connection, viewer_id, place=place, feed_id=feed_id)


async def _stored(deps: Deps, viewer_id: int, below: int, *, above: int, most: int) -> Part:
    async with deps.database.read() as connection:
        rows = await notifications.below(connection, viewer_id, below, above=above, most=most)
    return Part(list(rows), position_of(rows[-1]) if len(rows) == most else 0)


async def _derived(deps: Deps, viewer_id: int, inbox: Inbox, below: int, *, above: int, most: int) -> Part:
    """Of the latest `most` posts in the home feed below a `feed_id`, those `above` another that are not too old."""
    oldest = floor_of(time.time_ns() // 1_000_000 - deps.settings.notifications_kept_s * 1_000)
    page = await feed.home(deps, viewer_id, below=min(below, inbox.last_feed_id + 1), most=most)
    new = [post for post in page.posts if post.feed_id > max(above, oldest)]
    has_more = page.has_next and len(new) == len(page.posts)
    entries = newest_of_days(viewer_id, new)
    if below <= inbox.last_feed_id:
        entries = await _begun_below(deps, entries, below)
    return Part([*entries], new[-1].feed_id * 2 if has_more else 0)


async def _begun_below(deps: Deps, entries: list[NewPosts], below: int) -> list[NewPosts]:
    """Without those of the day that `below` is in whose authors posted again on it, at or above `below`."""
    rest_of_day = below, first_of(day_of(below) + 1)
    asked = [(entry.id, *rest_of_day) for entry in entries if entry.day == day_of(below)]
    if not asked:
        return entries
    async with deps.database.read() as connection:
        posted_again = {post.author_id for post in await posts.latest_within(connection, asked)}
    return [entry for entry in entries if entry.day != day_of(below) or entry.id not in posted_again]
