"""Posts, what they show and where they stand."""

from datetime import datetime
from enum import Enum

import strawberry

from execution.edges import edge
from execution.levels import together
from execution.rows import shape_of
from execution.stamps import stamped
from loaders.posts import MediaByPost, VisiblePostById
from loaders.reactions import CommentLikedByViewer, LikedByViewer, SavedByViewer
from loaders.users import UserById
from resolvers import feed, paging, posts, reactions, uploads
from schema.connections import LIVE_CURSOR, Connection, Edge, PageInfo
from schema.node import Node, node_id
from schema.resolved import resolved
from schema.users import User
from stores import rows


@strawberry.enum(
    description="PUBLISHED once all its media are READY: it then takes its place in feeds, lists and counts. "
    "Until then its author alone sees it. FAILED where one of its media failed; `updatePost(mediaIds)` mends it."
)
class PostStatus(Enum):
    PROCESSING = "PROCESSING"
    PUBLISHED = "PUBLISHED"
    FAILED = "FAILED"


@strawberry.enum
class MediaKind(Enum):
    IMAGE = "IMAGE"


@strawberry.enum(description="PENDING: nothing complete has arrived. PROCESSING: it has, and may be posted.")
class MediaStatus(Enum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    READY = "READY"
    FAILED = "FAILED"


@strawberry.type
class Media(Node):
    is_type_of = shape_of(rows.Media)

    id: strawberry.ID = node_id("Media")
    kind: MediaKind
    status: MediaStatus
    failure_reason: str | None = strawberry.field(description="In plain words, for the owner.")
    alt_text: str | None
    width: int | None = strawberry.field(
        description="Pixels, of the original as displayed (its EXIF orientation applied); null until read."
    )
    height: int | None
    blurhash: str | None = strawberry.field(description="A placeholder to paint while the picture loads.")
    url: str | None = together(uploads.media_urls, "On the CDN; any browser can show it.")


@strawberry.type
class Location:
    name: str
    latitude: float | None
    longitude: float | None


@strawberry.type(description="A photo post, as its viewer may see it.")
class Post(Node):
    is_type_of = shape_of(rows.Post)

    id: strawberry.ID = node_id("Post")
    author: User = edge(UserById, key="author_id")
    caption: str
    hashtags: list[str]
    mentions: list[User] = edge(
        UserById, keys="mention_ids", description="Accounts named with @ in the caption, in order of first mention."
    )
    location: Location | None = resolved(posts.location)
    media: list[Media] = edge(MediaByPost, key="id", description="1 to 10 pictures, in the author's order.")
    status: PostStatus
    created_at: datetime
    published_at: datetime | None = strawberry.field(
        description="When it became visible to others; its place in every list of posts."
    )
    edited_at: datetime | None
    like_count: int
    comment_count: int
    viewer_has_liked: bool = edge(LikedByViewer, key="id")
    viewer_has_saved: bool = edge(SavedByViewer, key="id")
    comments: "CommentConnection | None" = together(reactions.comments, "Newest first.")
    likers: Connection[User] | None = together(reactions.likers, "Who likes it, newest like first.")


@strawberry.type
class Comment(Node):
    is_type_of = shape_of(rows.Comment)

    id: strawberry.ID = node_id("Comment")
    post: Post = edge(VisiblePostById, key="post_id")
    author: User = edge(UserById, key="author_id")
    text: str
    created_at: datetime
    like_count: int
    viewer_has_liked: bool = edge(CommentLikedByViewer, key="id")
    viewer_can_delete: bool = resolved(reactions.viewer_can_delete, "By its author, or by the author of the post.")


@strawberry.type
class FeedEdge:
    cursor: str = together(paging.edge_cursors)
    node: Post


@strawberry.type
class FeedConnection:
    page_info: PageInfo
    edges: list[FeedEdge] = stamped(feed.edges, stamps=feed.stamps)
    live_cursor: str = resolved(paging.live_cursor, LIVE_CURSOR)


@strawberry.type
class CommentConnection:
    page_info: PageInfo
    edges: list[Edge[Comment]]
    live_cursor: str = resolved(paging.live_cursor, LIVE_CURSOR)


@strawberry.type
class Hashtag(Node):
    is_type_of = shape_of(rows.Hashtag)

    id: strawberry.ID = node_id("Hashtag")
    name: str = strawberry.field(description="Lower case, without #.")
    post_count: int
    posts: Connection[Post] | None = together(posts.hashtag_posts)


@strawberry.type
class HttpHeader:
    name: str
    value: str


@strawberry.type(
    description="One request, sent as `method` to its `url` with all of `headers` (never one that browsers forbid "
    "to set); the length is signed and must be the declared one."
)
class Upload:
    media: Media
    expires_at: datetime

    method: str
    url: str | None = strawberry.field(description="Straight to the object store, never through this server.")
    headers: list[HttpHeader]
