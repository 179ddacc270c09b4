"""Which jobs follow an announced event, and in which queue each waits.

The event's fields are the jobs' arguments. Queues are separate by purpose: a slow picture never delays a feed.
"""

from collections.abc import Mapping

from services.events import (
    CommentDeleted,
    CommentLikesChanged,
    CommentsAdded,
    FollowAccepted,
    FollowerChanged,
    FollowRequestChanged,
    FollowsChanged,
    LikesChanged,
    MediaGuarded,
    MediaProcessed,
    MediaRemoved,
    MentionsChanged,
    NotificationGrown,
    NotificationNotPushed,
    Parted,
    PostDeleted,
    PostNotPushed,
    PostPublished,
    PostPushing,
    PrivacyChanged,
    ReachChanged,
    RequestsLeft,
    UploadCompleted,
)
from stores.postgres.database import Routes

ROUTES: Routes = {
    UploadCompleted: ["process_media"],
    MediaProcessed: ["settle_post"],
    PostPublished: ["fan_out_post"],
    FollowsChanged: ["refresh_timeline"],
    FollowerChanged: ["notify_follower"],
    FollowRequestChanged: ["notify_follow_request"],
    FollowAccepted: ["notify_follow_accepted"],
    ReachChanged: ["reclassify_author"],
    PostDeleted: ["erase_post"],
    LikesChanged: ["notify_post_likes"],
    CommentLikesChanged: ["notify_comment_likes"],
    CommentsAdded: ["notify_comments"],
    MentionsChanged: ["notify_mentions"],
    NotificationGrown: [],
    CommentDeleted: ["erase_comment"],
    MediaRemoved: ["remove_media_files"],
    Parted: ["part_people"],
    PrivacyChanged: ["guard_media", "accept_requests"],
    RequestsLeft: ["accept_requests"],
    MediaGuarded: ["guard_media"],
}

PUSHES: Routes = {
    PostPublished: ["push_post"],
    PostPushing: ["push_post"],
    PostNotPushed: ["push_post_again"],
    NotificationGrown: ["push_notification"],
    NotificationNotPushed: ["push_notification_again"],
}
"""Besides, where devices can be told."""


def with_pushes() -> Routes:
    return {event: [*ROUTES.get(event, ()), *PUSHES.get(event, ())] for event in {**ROUTES, **PUSHES}}


QUEUES: Mapping[str, str] = {
    "settle_post": "publishing",
    "fan_out_post": "fan-out",
    "process_media": "media",
    "notify_follower": "notifications",
    "notify_follow_request": "notifications",
    "notify_follow_accepted": "notifications",
    "part_people": "notifications",
    "notify_post_likes": "notifications",
    "notify_comment_likes": "notifications",
    "notify_comments": "notifications",
    "notify_mentions": "notifications",
    "push_post": "pushes",
    "push_post_again": "pushes",
    "push_notification": "pushes",
    "push_notification_again": "pushes",
    "refresh_timeline": "rest",
    "reclassify_author": "rest",
    "erase_post": "rest",
    "erase_comment": "rest",
    "remove_media_files": "rest",
    "guard_media": "rest",
    "accept_requests": "rest",
}
