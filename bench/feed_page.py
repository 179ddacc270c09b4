"""The feed page of the peers' benchmark, in memory: rows, attributes and edges, and no rules."""

from datetime import UTC, datetime
from typing import Any

import strawberry

from execution.edges import edge
from execution.loader import Loader, Loaders

QUERY = """query HomeFeed($first: Int!, $after: String) { viewer { id feed(first: $first, after: $after) {
  pageInfo { hasNextPage endCursor } edges { cursor node {
    id caption createdAt likeCount commentCount viewerHasLiked
    author { id username displayName avatarUrl viewerIsFollowing }
    media { id kind url width height blurhash }
    comments { edges { node { id text createdAt author { id username avatarUrl } } } } } } } } }"""
NOW = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
POSTS, AUTHORS, EACH = 20, 50, 2


class UserById(Loader[None, int, "User"]):
    async def batch_load_fn(self, keys: list[int]) -> "list[User]":
        return [USERS[key] for key in keys]


class FollowedByViewer(Loader[None, str, bool]):
    async def batch_load_fn(self, keys: list[str]) -> list[bool]:
        return [int(key) % 3 == 0 for key in keys]


class LikedByViewer(Loader[None, str, bool]):
    async def batch_load_fn(self, keys: list[str]) -> list[bool]:
        return [int(key) % 2 == 0 for key in keys]


class MediaByPost(Loader[None, str, "list[Media]"]):
    async def batch_load_fn(self, keys: list[str]) -> "list[list[Media]]":
        return [MEDIA[key] for key in keys]


class CommentsByPost(Loader[None, str, "CommentConnection"]):
    async def batch_load_fn(self, keys: list[str]) -> "list[CommentConnection]":
        return [CommentConnection(edges=[CommentEdge(node=each) for each in COMMENTS[key]]) for key in keys]


@strawberry.type
class User:
    id: strawberry.ID
    username: str
    display_name: str
    avatar_url: str
    viewer_is_following: bool = edge(FollowedByViewer, key="id")


@strawberry.type
class Media:
    id: strawberry.ID
    kind: str
    url: str
    width: int
    height: int
    blurhash: str


@strawberry.type
class Comment:
    id: strawberry.ID
    text: str
    created_at: datetime
    author_id: strawberry.Private[int]
    author: User = edge(UserById, key="author_id")


@strawberry.type
class CommentEdge:
    node: Comment


@strawberry.type
class CommentConnection:
    edges: list[CommentEdge]


@strawberry.type
class Post:
    id: strawberry.ID
    caption: str
    created_at: datetime
    like_count: int
    comment_count: int
    author_id: strawberry.Private[int]
    author: User = edge(UserById, key="author_id")
    media: list[Media] = edge(MediaByPost, key="id")
    viewer_has_liked: bool = edge(LikedByViewer, key="id")
    comments: CommentConnection = edge(CommentsByPost, key="id")


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class PostEdge:
    cursor: str
    node: Post


@strawberry.type
class PostConnection:
    page_info: PageInfo
    edges: list[PostEdge]


@strawberry.type
class Viewer:
    id: strawberry.ID

    @strawberry.field
    async def feed(self, first: int = 20, after: str | None = None) -> PostConnection:
        edges = [PostEdge(cursor=str(post.id), node=post) for post in PAGE[:first]]
        return PostConnection(page_info=PageInfo(has_next_page=True, end_cursor="x"), edges=edges)


@strawberry.type
class Query:
    @strawberry.field
    def viewer(self) -> Viewer:
        return Viewer(id=strawberry.ID("1"))


class Context:
    def __init__(self) -> None:
        self.loaders = Loaders(None)


def _media(post: str, at: int) -> Media:
    url = f"https://cdn/media/{post}/{at}.webp"
    id_, blurhash = strawberry.ID(f"{post}-{at}"), "LEHV6nWB2yk8pyo0adR*.7kCMdnj"
    return Media(id=id_, kind="IMAGE", url=url, width=1080, height=1350, blurhash=blurhash)


def _user(at: int) -> User:
    id_, url = strawberry.ID(str(at)), f"https://cdn/avatars/{at}.webp"
    return User(id=id_, username=f"user{at}", display_name=f"User {at}", avatar_url=url)


def _row(kind: Any, id_: str, author_id: int, **values: object) -> Any:
    return kind(id=strawberry.ID(id_), created_at=NOW, author_id=author_id, **values)


USERS = {at: _user(at) for at in range(AUTHORS)}
PAGE: list[Post] = [
    _row(Post, str(at), at, caption="a caption of a photo " * 3, like_count=at * 3, comment_count=at)
    for at in range(POSTS)
]
MEDIA = {str(post.id): [_media(str(post.id), at) for at in range(EACH)] for post in PAGE}
COMMENTS: dict[str, list[Comment]] = {
    str(post.id): [
        _row(Comment, f"{post.id}-{at}", (post.author_id + at) % AUTHORS, text="nice photo! " * 4) for at in range(EACH)
    ]
    for post in PAGE
}
schema = strawberry.Schema(Query)
