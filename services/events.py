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
class ReachChanged(Event):
    """An author's followers became so many, or so few, that his posts may take another way."""

    author_id: int


@dataclass(frozen=True)
class PostDeleted(Event):
    post_id: int


@dataclass(frozen=True)
class CommentDeleted(Event):
    comment_id: int


@dataclass(frozen=True)
class MediaRemoved(Event):
    """The row is gone; its files are nobody's."""

    object_key: str
