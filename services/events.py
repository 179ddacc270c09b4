"""What services announce. `jobs/routes.py` knows which jobs follow."""

from dataclasses import dataclass

from stores.postgres.outbox import Event


@dataclass(frozen=True)
class UploadCompleted(Event):
    media_id: int


@dataclass(frozen=True)
class MediaProcessed(Event):
    """READY or FAILED: its post may be published, or has failed."""

    post_id: int


@dataclass(frozen=True)
class PostPublished(Event):
    post_id: int


@dataclass(frozen=True)
class FollowsChanged(Event):
    """Somebody followed, or follows no longer."""

    viewer_id: int


@dataclass(frozen=True)
class FollowerChanged(Event):
    """An account got this follower, or lost it."""

    followee_id: int
    follower_id: int


@dataclass(frozen=True)
class FollowRequestChanged(Event):
    """Somebody asked to follow an account, or the request is one no longer."""

    requestee_id: int
    requester_id: int


@dataclass(frozen=True)
class FollowAccepted(Event):
    """An account let somebody follow who had asked to."""

    followee_id: int
    follower_id: int


@dataclass(frozen=True)
class RequestsLeft(Event):
    """Some of the requests to an account that is public are accepted; the others are next."""

    user_id: int


@dataclass(frozen=True)
class Parted(Event):
    """One has blocked the other. `place`: what was told before has lower ones."""

    blocker_id: int
    blocked_id: int
    place: int


@dataclass(frozen=True)
class ReachChanged(Event):
    """An author's followers became so many, or so few, that his posts may take another way."""

    author_id: int


@dataclass(frozen=True)
class PostDeleted(Event):
    post_id: int


@dataclass(frozen=True)
class LikesChanged(Event):
    """Posts were liked, or are liked no longer: pairs of a post's and a user's id."""

    marks: list[tuple[int, int]]


@dataclass(frozen=True)
class CommentLikesChanged(Event):
    """Comments were liked, or are liked no longer: pairs of a comment's and a user's id."""

    marks: list[tuple[int, int]]


@dataclass(frozen=True)
class CommentsAdded(Event):
    comment_ids: list[int]


@dataclass(frozen=True)
class CommentDeleted(Event):
    """`told_ids`: who may have been told of it."""

    comment_id: int
    told_ids: list[int]


@dataclass(frozen=True)
class MentionsChanged(Event):
    """A post was published, or its caption changed: these were, or are, mentioned in it."""

    post_id: int
    author_id: int
    mentioned_ids: list[int]


@dataclass(frozen=True)
class NotificationGrown(Event):
    """Something new stands in a notification, which has this place since."""

    notification_id: int
    place: int


@dataclass(frozen=True)
class PrivacyChanged(Event):
    """An account went private, or public."""

    user_id: int


@dataclass(frozen=True)
class MediaGuarded(Event):
    """The media of an account whose privacy changed lie where they should, up to an id; those above are next."""

    user_id: int
    above_id: int


@dataclass(frozen=True)
class NotificationNotPushed(Event):
    """A device could not be told of a notification that had this place."""

    subscription_id: int
    notification_id: int
    place: int


@dataclass(frozen=True)
class PostPushing(Event):
    """Followers whose follows are in (above, up_to] are the next to be told of a post on their devices."""

    post_id: int
    above: int
    up_to: int


@dataclass(frozen=True)
class PostNotPushed(Event):
    """A device could not be told of a post."""

    subscription_id: int
    post_id: int


@dataclass(frozen=True)
class MediaRemoved(Event):
    """The row is gone; its files are nobody's."""

    object_key: str
