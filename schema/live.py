"""What can be followed live."""

import strawberry

from resolvers import live
from schema.connections import Edge
from schema.notifications import NotificationEdge
from schema.posts import Comment, FeedEdge, Post
from schema.resolved import followed


@strawberry.type
class FeedPostEvent:
    cursor: str
    edge: FeedEdge


@strawberry.type
class NotificationEvent:
    cursor: str
    edge: NotificationEdge


@strawberry.type
class CommentEvent:
    cursor: str
    edge: Edge[Comment]


@strawberry.type(
    description="Events come in the order in which they happened, each with a cursor. `after` takes such a cursor, or "
    "the `liveCursor` of the list that was just read: what happened since is delivered first, so a client that lost "
    "its connection misses nothing and sees nothing twice. Access is judged at delivery."
)
class Subscription:
    feed_post_added: FeedPostEvent = followed(live.feed_post_added, "A post has come into the viewer's home feed.")
    notification_added: NotificationEvent = followed(live.notification_added, "A new entry, or one that has grown.")
    comment_added: CommentEvent = followed(live.comment_added)
    post_updated: Post = followed(
        live.post_updated,
        "The post as it is, whenever its counts, caption or status change; at most twice a second. Ends "
        "when it is deleted.",
    )
