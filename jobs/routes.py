"""Which jobs follow an announced event, and in which queue each waits.

The event's fields are the jobs' arguments. Queues are separate by purpose: a slow picture never delays a feed.
"""

from collections.abc import Mapping

from services.events import (
    CommentDeleted,
    FollowsChanged,
    MediaProcessed,
    MediaRemoved,
    PostDeleted,
    PostPublished,
    ReachChanged,
    UploadCompleted,
)
from stores.postgres.database import Routes

ROUTES: Routes = {
    UploadCompleted: ["process_media"],
    MediaProcessed: ["settle_post"],
    PostPublished: ["fan_out_post"],
    FollowsChanged: ["refresh_timeline"],
    ReachChanged: ["reclassify_author"],
    PostDeleted: ["erase_post"],
    CommentDeleted: ["erase_comment"],
    MediaRemoved: ["remove_media_files"],
}

QUEUES: Mapping[str, str] = {
    "settle_post": "publishing",
    "fan_out_post": "fan-out",
    "process_media": "media",
    "refresh_timeline": "rest",
    "reclassify_author": "rest",
    "erase_post": "rest",
    "erase_comment": "rest",
    "remove_media_files": "rest",
}
