"""The feed's types as shapes over rows, with edges, for `execution/`. Whose the rows are, `Data` says.

A connection's row is the list of its edges' rows, an edge's row is its node's. Ids are texts throughout.
"""

from collections.abc import Awaitable, Coroutine, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

import strawberry

from bench.peers.statements import CDN
from execution.edges import edge
from execution.executor import BatchedExecutor
from execution.levels import together
from execution.loader import Loader, Loaders
from execution.rows import computed

PAGE_MOST = 100

Row = Any  # with an attribute for each column
Ids = list[str]
T = TypeVar("T")
Answer: TypeAlias = Coroutine[Any, Any, T]


class Page(NamedTuple):
    posts: list[Row]
    has_next_page: bool

    @property
    def end_cursor(self) -> str | None:
        return self.posts[-1].id if self.posts else None


class Data(Protocol):
    """What is asked of the data: a statement for each relation, the viewer's where it is about a viewer."""

    async def feed(self, most: int, after: str | None) -> Ids: ...
    async def posts(self, ids: Ids) -> list[Row]: ...
    async def users(self, ids: Ids) -> list[Row]: ...
    async def media(self, post_ids: Ids) -> list[list[Row]]: ...
    async def comments(self, post_ids: Ids, first: int) -> list[list[Row]]: ...
    async def liked(self, post_ids: Ids) -> list[bool]: ...
    async def followed(self, user_ids: Ids) -> list[bool]: ...


class Context:
    """Of one operation."""

    def __init__(self, viewer_id: str | None, data: Data, loaders: Loaders[Data]) -> None:
        self.viewer_id, self.data, self.loaders = viewer_id, data, loaders


class UserById(Loader[Data, str, Row]):
    def batch_load_fn(self, keys: Ids) -> Answer[list[Row]]:
        return self.scope.users(keys)


class MediaByPost(Loader[Data, str, list[Row]]):
    def batch_load_fn(self, keys: Ids) -> Answer[list[list[Row]]]:
        return self.scope.media(keys)


class LikedByViewer(Loader[Data, str, bool]):
    def batch_load_fn(self, keys: Ids) -> Answer[list[bool]]:
        return self.scope.liked(keys)


class FollowedByViewer(Loader[Data, str, bool]):
    def batch_load_fn(self, keys: Ids) -> Answer[list[bool]]:
        return self.scope.followed(keys)


@cache
def comments_by_post(first: int) -> type[Loader[Data, str, list[Row]]]:
    """The loader of the latest ones, so many of each post."""

    class CommentsByPost(Loader[Data, str, list[Row]]):
        def batch_load_fn(self, keys: Ids) -> Answer[list[list[Row]]]:
            return self.scope.comments(keys, first)

    return CommentsByPost


def viewer(info: strawberry.Info[Context]) -> str | None:
    return info.context.viewer_id


async def feed(info: strawberry.Info[Context], first: int = 20, after: str | None = None) -> Page:
    first, data = min(max(first, 1), PAGE_MOST), info.context.data
    ids = await data.feed(first + 1, after)
    return Page(await data.posts(ids[:first]), len(ids) > first)


def comments(roots: Sequence[Row], info: strawberry.Info[Context], first: int = 2) -> Awaitable[list[list[Row]]]:
    loader = info.context.loaders[comments_by_post(min(max(first, 1), PAGE_MOST))]
    return loader.load_many([post.id for post in roots])


def _itself(row: Row) -> Row:
    return row


@strawberry.enum
class MediaKind(Enum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"


@strawberry.type
class Media:
    id: strawberry.ID
    kind: MediaKind
    url: str = computed(lambda media: CDN + media.object_key)
    width: int
    height: int
    blurhash: str


@strawberry.type
class User:
    id: strawberry.ID
    username: str
    display_name: str
    bio: str
    viewer_is_following: bool = edge(FollowedByViewer, key="id")


@strawberry.type
class Comment:
    id: strawberry.ID
    text: str
    created_at: datetime
    author: User = edge(UserById, key="author_id")


@strawberry.type
class CommentEdge:
    node: Comment = computed(_itself)


@strawberry.type
class CommentConnection:
    edges: list[CommentEdge] = computed(_itself)


@strawberry.type
class Post:
    id: strawberry.ID
    caption: str
    created_at: datetime
    like_count: int
    comment_count: int
    viewer_has_liked: bool = edge(LikedByViewer, key="id")
    author: User = edge(UserById, key="author_id")
    media: list[Media] = edge(MediaByPost, key="id")
    comments: CommentConnection = together(comments)


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class PostEdge:
    cursor: str = computed(lambda post: post.id)
    node: Post = computed(_itself)


@strawberry.type
class PostConnection:
    page_info: PageInfo = computed(_itself)
    edges: list[PostEdge] = computed(lambda page: page.posts)


@strawberry.type
class Viewer:
    id: strawberry.ID = computed(_itself)
    feed: PostConnection = strawberry.field(resolver=feed)


@strawberry.type
class Query:
    viewer: Viewer | None = strawberry.field(resolver=viewer)


schema = strawberry.Schema(Query, execution_context_class=BatchedExecutor)
