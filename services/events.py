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
class PostDeleted(Event):
    post_id: int


@dataclass(frozen=True)
class MediaRemoved(Event):
    """The row is gone; its files are nobody's."""

    object_key: str
