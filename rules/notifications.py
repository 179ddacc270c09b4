"""New posts as notifications, which are derived and not stored: one for each author and day. What of them is read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from stores.ids import MOST, floor_of, moment_of
from stores.postgres.inboxes import Inbox
from stores.rows import NewPosts, Notification

DAY_MS = 24 * 3600 * 1000


def day_of(feed_id: int) -> int:
    """The UTC day of a publication, since 1970-01-01."""
    return moment_of(feed_id) // DAY_MS


def first_of(day: int) -> int:
    """The lowest `feed_id` that a publication of this day has."""
    return floor_of(day * DAY_MS)


def is_day(day: int) -> bool:
    """Whether anything can have been published on it."""
    return day_of(0) <= day < day_of(MOST)


class Published(Protocol):
    """A post, or what somebody sees of one."""

    @property
    def id(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    @property
    def feed_id(self) -> int | None: ...
    @property
    def published_at(self) -> datetime | None: ...


def new_posts(recipient_id: int, newest: Published) -> NewPosts:
    """What somebody is told of an author's posts of a day, the newest of which is this published one."""
    assert newest.feed_id is not None
    assert newest.published_at is not None
    return NewPosts(
        id=newest.author_id,
        recipient_id=recipient_id,
        kind="NEW_POST",
        post_id=newest.id,
        comment_id=None,
        place=newest.feed_id,
        actor_count=1,
        newest_at=newest.published_at,
        actor_ids=(newest.author_id,),
        day=day_of(newest.feed_id),
    )


def newest_of_days(recipient_id: int, posts: Iterable[Published]) -> list[NewPosts]:
    """What somebody is told of these posts, latest published first, of others."""
    newest: dict[tuple[int, int], Published] = {}
    for post in posts:
        if post.author_id != recipient_id and post.feed_id is not None:
            newest.setdefault((post.author_id, day_of(post.feed_id)), post)
    return [new_posts(recipient_id, post) for post in newest.values()]


def is_read(notification: Notification, inbox: Inbox) -> bool:
    """Whether it is at or below the recipient's mark."""
    return notification.place <= (inbox.read_feed_id if isinstance(notification, NewPosts) else inbox.read_place)
