"""What a device shows: JSON with `kind`, `title`, `body`, `tag`, and the ids of what to open.

Names have at most 30 characters, so a message stays far below the 3,993 bytes that RFC 8291 leaves.
"""

from collections.abc import Mapping, Sequence

import orjson

from rules.node_ids import encode
from stores.push_services import Message
from stores.rows import Notification, NotificationKind, Post, User

TITLES: Mapping[NotificationKind, str] = {
    "NEW_POST": "New post",
    "FOLLOW": "New follower",
    "FOLLOW_REQUEST": "New follow request",
    "FOLLOW_ACCEPTED": "Request accepted",
    "POST_LIKED": "New like",
    "POST_COMMENTED": "New comment",
    "COMMENT_LIKED": "New like",
    "MENTION": "You were mentioned",
}
DEEDS: Mapping[NotificationKind, str] = {
    "NEW_POST": "shared a new post",
    "FOLLOW": "started following you",
    "FOLLOW_REQUEST": "asked to follow you",
    "FOLLOW_ACCEPTED": "accepted your request to follow",
    "POST_LIKED": "liked your post",
    "POST_COMMENTED": "commented on your post",
    "COMMENT_LIKED": "liked your comment",
    "MENTION": "mentioned you",
}
QUIET: frozenset[NotificationKind] = frozenset({"POST_LIKED", "COMMENT_LIKED"})
OF_PEOPLE: frozenset[NotificationKind] = frozenset({"FOLLOW", "FOLLOW_REQUEST", "FOLLOW_ACCEPTED"})
"""What is opened is the latest of them."""


def of_notification(notification: Notification, actors: Mapping[int, User]) -> Message:
    """`actors`: those of the notification's that there are. A grown notification has the tag that it had before."""
    names = [actors[actor_id].username for actor_id in notification.actor_ids if actor_id in actors]
    to_open = {"postId": ("Post", notification.post_id), "commentId": ("Comment", notification.comment_id)}
    if notification.kind in OF_PEOPLE:
        to_open["userId"] = ("User", notification.actor_ids[0])
    return _message(
        notification.kind, _who(names, notification.actor_count), to_open, f"notification {notification.id}"
    )


def of_post(post: Post, author: User) -> Message:
    """A later post of the same author and day takes its place, as it does among the notifications."""
    day = f"{post.published_at:%Y-%m-%d}"
    to_open = {"postId": ("Post", post.id), "userId": ("User", author.id)}
    return _message("NEW_POST", author.username, to_open, f"posts {author.id} {day}")


def _message(kind: NotificationKind, who: str, to_open: Mapping[str, tuple[str, int | None]], tag: str) -> Message:
    ids = {name: encode(node, id_) for name, (node, id_) in to_open.items() if id_ is not None}
    shown = {"kind": kind, "title": TITLES[kind], "body": f"{who} {DEEDS[kind]}", "tag": tag, **ids}
    return Message(orjson.dumps(shown), tag, "low" if kind in QUIET else "normal")


def _who(names: Sequence[str], count: int) -> str:
    """The latest, and how many others there are."""
    first = names[0] if names else "Somebody"
    match count - 1:
        case 0:
            return first
        case 1:
            return f"{first} and {names[1] if len(names) > 1 else '1 other'}"
        case others:
            return f"{first} and {others:,} others"
