"""People: as everybody sees them, and as they see themselves."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from execution.edges import edge
from execution.levels import together
from execution.rows import shape_of
from loaders.users import (
    BlockedByViewer,
    FollowedByViewer,
    FollowStateByViewer,
    FollowsViewer,
    MutedByViewer,
    PostCountByAuthor,
    UserById,
)
from resolvers import accounts, reactions, relations, users
from resolvers.feed import home, unseen_post_count
from resolvers.notifications import inbox, unread_count
from schema.connections import Connection
from schema.node import Node, node_id
from schema.resolved import resolved
from stores import rows

if TYPE_CHECKING:
    from schema.notifications import NotificationConnection
    from schema.posts import FeedConnection, Post


@strawberry.enum
class FollowState(Enum):
    NONE = "NONE"
    REQUESTED = "REQUESTED"
    FOLLOWING = "FOLLOWING"


@strawberry.type
class User(Node):
    is_type_of = shape_of(rows.User)

    id: strawberry.ID = node_id("User")
    username: str
    display_name: str
    bio: str | None = strawberry.field(
        description="Null, like the lists below, to whom the account shows only its card."
    )
    is_private: bool
    created_at: datetime
    post_count: int = edge(PostCountByAuthor, key="id")
    follower_count: int
    following_count: int
    viewer_follow_state: FollowState = edge(
        FollowStateByViewer, key="id", description="This and the next four are NONE and false when signed out."
    )
    viewer_is_following: bool = edge(FollowedByViewer, key="id")
    is_following_viewer: bool = edge(FollowsViewer, key="id")
    viewer_has_blocked: bool = edge(BlockedByViewer, key="id")
    viewer_has_muted: bool = edge(MutedByViewer, key="id")
    is_viewer: bool = resolved(users.is_viewer)
    posts: Connection[Annotated["Post", strawberry.lazy("schema.posts")]] | None = together(
        users.posts, description="Latest published first."
    )
    followers: Connection["User"] | None = together(users.followers)
    following: Connection["User"] | None = together(users.following)


@strawberry.type
class Session:
    id: strawberry.ID = node_id("Session")
    created_at: datetime
    last_seen_at: datetime
    user_agent: str | None

    is_current: bool = resolved(accounts.is_current)


@strawberry.type(description="What only the signed-in person may see.")
class Viewer(Node):
    is_type_of = shape_of(rows.Account)

    id: strawberry.ID = node_id("Viewer")
    user: User = edge(UserById, key="id")
    email: str

    is_email_verified: bool = resolved(accounts.is_email_verified)
    feed: Annotated["FeedConnection", strawberry.lazy("schema.posts")] | None = resolved(
        home,
        description="The home feed: published posts of followed accounts and one's own, latest published first, "
        "complete, without repeats.",
    )
    unseen_post_count: int | None = resolved(
        unseen_post_count, "Posts that came into the home feed after the seen-mark; counts to 100."
    )
    notifications: Annotated["NotificationConnection", strawberry.lazy("schema.notifications")] | None = resolved(
        inbox, "The newest event first."
    )
    unread_notification_count: int | None = resolved(
        unread_count, "After the read-mark, which all devices share; counts to 100."
    )
    follow_requests: Connection[User] | None = together(
        relations.follow_requests, "Who asks to follow this account, latest first."
    )
    saved_posts: Connection[Annotated["Post", strawberry.lazy("schema.posts")]] | None = together(
        reactions.saved_posts, "Latest saved first."
    )
    blocked_users: Connection[User] | None = together(relations.blocked_users, "Latest blocked first.")
    muted_users: Connection[User] | None = together(relations.muted_users, "Latest muted first.")
    sessions: list[Session] = resolved(accounts.sessions, description="Where this account is signed in.")
