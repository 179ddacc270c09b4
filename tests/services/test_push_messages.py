"""What devices show, in plain words."""

import json
from datetime import UTC, datetime

import pytest

from services import push_messages
from stores.rows import Notification, NotificationKind, User

NOW = datetime(2026, 1, 31, tzinfo=UTC)
LONGEST = "a" * 30
BYTES = 3_993  # RFC 8291, 4: what is left of 4,096


def user(number: int, name: str) -> User:
    return User(number, name, name, "", False, 0, 0, NOW)


def notification(kind: NotificationKind, count: int) -> Notification:
    actors = tuple(range(1, min(count, 3) + 1))
    return Notification(2**62, 9, kind, 2**62, 2**62, 2**62, count, NOW, actors)


def body(kind: NotificationKind, names: list[str], count: int) -> str:
    actors = {number: user(number, name) for number, name in enumerate(names, 1)}
    shown: str = json.loads(push_messages.of_notification(notification(kind, count), actors).payload)["body"]
    return shown


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("FOLLOW", "ana started following you"),
        ("POST_LIKED", "ana liked your post"),
        ("POST_COMMENTED", "ana commented on your post"),
        ("COMMENT_LIKED", "ana liked your comment"),
        ("MENTION", "ana mentioned you"),
    ],
)
def test_each_kind_in_words(kind: NotificationKind, said: str) -> None:
    assert body(kind, ["ana"], 1) == said


@pytest.mark.parametrize(
    ("names", "count", "who"),
    [
        (["ana"], 1, "ana"),
        (["ana", "ben"], 2, "ana and ben"),
        (["ana", "ben", "eva"], 3, "ana and 2 others"),
        (["ana", "ben", "eva"], 12_346, "ana and 12,345 others"),
        ([], 1, "Somebody"),
        (["ana"], 2, "ana and 1 other"),
    ],
)
def test_the_latest_is_named_and_the_others_counted(names: list[str], count: int, who: str) -> None:
    assert body("POST_LIKED", names, count) == f"{who} liked your post"


@pytest.mark.parametrize("kind", list(push_messages.TITLES))
def test_a_message_fits_into_a_push(kind: NotificationKind) -> None:
    actors = {number: user(number, LONGEST) for number in (1, 2, 3)}
    assert len(push_messages.of_notification(notification(kind, 2**31 - 1), actors).payload) < BYTES
