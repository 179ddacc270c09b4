"""What people are told."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLResolveInfo

from execution.edges import edge
from execution.levels import together
from loaders.posts import VisiblePostById
from loaders.reactions import VisibleCommentById
from loaders.users import UserById
from resolvers import notifications, paging
from schema.connections import PageInfo
from schema.node import Node
from schema.posts import Comment, Post
from schema.resolved import resolved
from schema.users import User
from stores import rows


@strawberry.enum
class NotificationKind(Enum):
    NEW_POST = "NEW_POST"
    FOLLOW = "FOLLOW"
    FOLLOW_REQUEST = "FOLLOW_REQUEST"
    FOLLOW_ACCEPTED = "FOLLOW_ACCEPTED"
    POST_LIKED = "POST_LIKED"
    POST_COMMENTED = "POST_COMMENTED"
    COMMENT_LIKED = "COMMENT_LIKED"
    MENTION = "MENTION"


@strawberry.type(
    description="Alike notifications about one thing are one entry: 'ana, ben and 12 others liked your photo'. "
    "NEW_POST: one entry per author and day. Those of blocked accounts, and of what is gone, are absent."
)
class Notification(Node):
    @staticmethod
    def is_type_of(value: object, _: GraphQLResolveInfo[Any]) -> bool:
        return isinstance(value, rows.Notification)

    id: strawberry.ID = resolved(notifications.node_id)
    kind: NotificationKind
    actors: list[User] = edge(UserById, keys="actor_ids", description="The latest first, at most three.")
    actor_count: int
    post: Post | None = edge(VisiblePostById, key="post_id")
    comment: Comment | None = edge(VisibleCommentById, key="comment_id")
    created_at: datetime = strawberry.field(
        resolver=lambda root: root.newest_at, description="Of the newest event in it."
    )
    is_read: bool = resolved(notifications.is_read)


@strawberry.type
class NotificationEdge:
    cursor: str = together(paging.edge_cursors)
    node: Notification


@strawberry.type
class NotificationConnection:
    page_info: PageInfo
    edges: list[NotificationEdge]
    live_cursor: str = strawberry.field(description="Give it to the subscription to go on from this very answer.")
