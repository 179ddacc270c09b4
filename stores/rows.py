"""What stores give: immutable rows, plain data without behaviour or connections.

A row's fields bear the names of its table's columns; times are aware and in UTC.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

PostStatus = Literal["PROCESSING", "PUBLISHED", "FAILED"]
MediaStatus = Literal["PENDING", "PROCESSING", "READY", "FAILED"]
NotificationKind = Literal[
    "NEW_POST",
    "FOLLOW",
    "FOLLOW_REQUEST",
    "FOLLOW_ACCEPTED",
    "POST_LIKED",
    "POST_COMMENTED",
    "COMMENT_LIKED",
    "MENTION",
]


class Row(msgspec.Struct, frozen=True, dict=True):
    """May bear `kept`, of which `execution.rows` tells."""


class User(Row, frozen=True):
    id: int
    username: str
    display_name: str
    bio: str | None
    """None where its viewer may see the account's card only; "" where there is none."""
    is_private: bool
    follower_count: int
    following_count: int
    created_at: datetime


class Relation(Row, frozen=True):
    """How a viewer and an account stand to each other. Who is signed out has none: all but `is_private` is false."""

    is_self: bool = False
    is_private: bool = False
    is_followed: bool = False
    """The viewer follows the account."""
    is_requested: bool = False
    """The viewer has asked to follow the account."""
    is_blocked: bool = False
    """The viewer has blocked the account."""
    blocks_viewer: bool = False
    is_muted: bool = False
    """The viewer has muted the account."""


RELATIONS = tuple(Relation(*(bool(number >> bit & 1) for bit in range(7))) for number in range(128))
"""All that there are, by number: bit 0 of it is the first field."""


class Person(Row, frozen=True):
    """An account, whole, and how a viewer stands to it."""

    user: User
    relation: Relation


class Account(Row, frozen=True):
    """What signing in needs and only its owner sees; `id` is the user's."""

    id: int
    email: str
    email_verified_at: datetime | None
    password_hash: str


class Session(Row, frozen=True):
    id: int
    user_id: int
    created_at: datetime
    last_seen_at: datetime
    user_agent: str | None
    generation: int
    rotated_at: datetime


class PushSubscription(Row, frozen=True):
    """A device of an account. `p256dh` is its public key, `auth` a secret that it shares with us (RFC 8291)."""

    id: int
    user_id: int
    endpoint: str
    p256dh: bytes
    auth: bytes


class Media(Row, frozen=True):
    id: int
    owner_id: int
    post_id: int | None
    kind: Literal["IMAGE"]
    status: MediaStatus
    failure_reason: str | None
    alt_text: str | None
    content_type: str
    byte_size: int
    object_key: str
    width: int | None
    height: int | None
    blurhash: str | None
    is_guarded: bool
    """Its renditions lie where only signed URLs reach."""


class Post(Row, frozen=True):
    id: int
    author_id: int
    caption: str
    tags: list[str]
    hashtags: list[str]
    mention_ids: list[int]
    location_name: str | None
    latitude: float | None
    longitude: float | None
    status: PostStatus
    like_count: int
    comment_count: int
    comment_place: int
    feed_id: int | None
    created_at: datetime
    published_at: datetime | None
    edited_at: datetime | None


class Comment(Row, frozen=True):
    id: int
    post_id: int
    post_author_id: int
    author_id: int
    text: str
    mention_ids: list[int]
    like_count: int
    place: int
    created_at: datetime


class Hashtag(Row, frozen=True):
    id: int
    name: str
    post_count: int


class Notification(Row, frozen=True):
    """Alike things that somebody is told of. `place`, `comment_id`, `newest_at`: of the newest of them.

    `actor_ids`: the latest three, the latest first.
    """

    id: int
    recipient_id: int
    kind: NotificationKind
    post_id: int | None
    comment_id: int | None
    place: int
    actor_count: int
    newest_at: datetime
    actor_ids: tuple[int, ...]


class NewPosts(Notification, frozen=True):
    """A notification that is stored nowhere: that an author, whose id it has, published posts on one day.

    `place`: the `feed_id` of the newest of them. `day`: in UTC, since 1970-01-01.
    """

    day: int


class Entry(Row, frozen=True):
    """A place in a list and the id of what stands there."""

    position: int
    id: int


class AnnouncedJob(Row, frozen=True):
    """A job that a committed transaction announced and nobody has done yet."""

    id: int
    job: str
    arguments: dict[str, Any]  # whatever JSON its event's fields became
    attempts: int
