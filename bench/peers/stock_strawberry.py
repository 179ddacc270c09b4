"""Strawberry as its documentation has it: resolvers, aiodataloader, asyncpg's pool, redis-py, both of its caches."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum
from typing import Any

import asyncpg
import strawberry
from aiodataloader import DataLoader
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from bench.peers.statements import CDN, COMMENTS, FOLLOWED, LIKED, MEDIA, POSTS, USERS

POOL_SIZE = 10
PAGE_MOST = 100
CACHED = 128
pool: asyncpg.Pool
redis: Redis

Batch = Callable[[list[int]], Awaitable[list[Any]]]


async def load_posts(ids: list[int]) -> list["Post"]:
    rows = {row["id"]: row for row in await pool.fetch(POSTS, ids)}
    return [
        Post(
            id=strawberry.ID(str(id_)),
            author_id=rows[id_]["author_id"],
            caption=rows[id_]["caption"],
            like_count=rows[id_]["like_count"],
            comment_count=rows[id_]["comment_count"],
            created_at=rows[id_]["created_at"],
        )
        for id_ in ids
    ]


async def load_users(ids: list[int]) -> list["User"]:
    rows = {row["id"]: row for row in await pool.fetch(USERS, ids)}
    return [
        User(
            id=strawberry.ID(str(id_)),
            username=rows[id_]["username"],
            display_name=rows[id_]["display_name"],
            bio=rows[id_]["bio"],
        )
        for id_ in ids
    ]


async def load_media(post_ids: list[int]) -> list[list["Media"]]:
    media: dict[int, list[Media]] = {id_: [] for id_ in post_ids}
    for row in await pool.fetch(MEDIA, post_ids):
        media[row["post_id"]].append(
            Media(
                id=strawberry.ID(str(row["id"])),
                kind=MediaKind(row["kind"]),
                object_key=row["object_key"],
                width=row["width"],
                height=row["height"],
                blurhash=row["blurhash"],
            )
        )
    return [media[id_] for id_ in post_ids]


def comments_loader(first: int) -> Batch:
    async def load(post_ids: list[int]) -> list[list[Comment]]:
        comments: dict[int, list[Comment]] = {id_: [] for id_ in post_ids}
        for row in await pool.fetch(COMMENTS, post_ids, first):
            comments[row["post_id"]].append(
                Comment(
                    id=strawberry.ID(str(row["id"])),
                    author_id=row["author_id"],
                    text=row["text"],
                    created_at=row["created_at"],
                )
            )
        return [comments[id_] for id_ in post_ids]

    return load


def flags_loader(viewer_id: int, statement: str) -> Batch:
    """Whether it is so of the viewer and each of some ids, which the statement gives where it is."""

    async def load(ids: list[int]) -> list[bool]:
        found = {row[0] for row in await pool.fetch(statement, viewer_id, ids)}
        return [id_ in found for id_ in ids]

    return load


class Loaders:
    def __init__(self, viewer_id: int) -> None:
        self.posts = DataLoader(load_posts)
        self.users = DataLoader(load_users)
        self.media = DataLoader(load_media)
        self.liked = DataLoader(flags_loader(viewer_id, LIKED))
        self.followed = DataLoader(flags_loader(viewer_id, FOLLOWED))
        self._comments: dict[int, DataLoader[int, list[Comment]]] = {}

    def comments(self, first: int) -> "DataLoader[int, list[Comment]]":
        if first not in self._comments:
            self._comments[first] = DataLoader(comments_loader(first))
        return self._comments[first]


@strawberry.enum
class MediaKind(Enum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"


@strawberry.type
class Media:
    id: strawberry.ID
    kind: MediaKind
    width: int
    height: int
    blurhash: str
    object_key: strawberry.Private[str]

    @strawberry.field
    def url(self) -> str:
        return CDN + self.object_key


@strawberry.type
class User:
    id: strawberry.ID
    username: str
    display_name: str
    bio: str

    @strawberry.field
    async def viewer_is_following(self, info: strawberry.Info) -> bool:
        return await info.context["loaders"].followed.load(int(self.id))


@strawberry.type
class Comment:
    id: strawberry.ID
    text: str
    created_at: datetime
    author_id: strawberry.Private[int]

    @strawberry.field
    async def author(self, info: strawberry.Info) -> User:
        return await info.context["loaders"].users.load(self.author_id)


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

    @strawberry.field
    async def viewer_has_liked(self, info: strawberry.Info) -> bool:
        return await info.context["loaders"].liked.load(int(self.id))

    @strawberry.field
    async def author(self, info: strawberry.Info) -> User:
        return await info.context["loaders"].users.load(self.author_id)

    @strawberry.field
    async def media(self, info: strawberry.Info) -> list[Media]:
        return await info.context["loaders"].media.load(int(self.id))

    @strawberry.field
    async def comments(self, info: strawberry.Info, first: int = 2) -> CommentConnection:
        comments = await info.context["loaders"].comments(first).load(int(self.id))
        return CommentConnection(edges=[CommentEdge(node=comment) for comment in comments])


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
    async def feed(self, info: strawberry.Info, first: int = 20, after: str | None = None) -> PostConnection:
        first = min(max(first, 1), PAGE_MOST)
        below = f"({after}" if after else "+inf"
        found = await redis.zrevrangebyscore(f"feed:{self.id}", below, "-inf", start=0, num=first + 1)
        ids = [int(id_) for id_ in found[:first]]
        posts: Sequence[Post] = await info.context["loaders"].posts.load_many(ids)
        return PostConnection(
            page_info=PageInfo(has_next_page=len(found) > first, end_cursor=str(ids[-1]) if ids else None),
            edges=[PostEdge(cursor=str(id_), node=post) for id_, post in zip(ids, posts, strict=True)],
        )


@strawberry.type
class Query:
    @strawberry.field
    def viewer(self, info: strawberry.Info) -> Viewer | None:
        viewer_id = info.context["viewer_id"]
        return Viewer(id=strawberry.ID(viewer_id)) if viewer_id else None


class Api(GraphQL):
    async def get_context(self, request: Request, response: Response) -> dict[str, Any]:
        viewer_id = request.headers.get("x-user-id")
        loaders = Loaders(int(viewer_id or 0))
        return {"request": request, "response": response, "viewer_id": viewer_id, "loaders": loaders}


@asynccontextmanager
async def connected(app: Starlette) -> AsyncIterator[None]:
    global pool, redis
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=POOL_SIZE, max_size=POOL_SIZE)
    redis = Redis.from_url(os.environ["REDIS_URL"])
    yield
    await pool.close()
    await redis.aclose()


schema = strawberry.Schema(
    Query, extensions=[lambda: ParserCache(maxsize=CACHED), lambda: ValidationCache(maxsize=CACHED)]
)
app = Starlette(lifespan=connected, routes=[Route("/graphql", Api(schema, graphql_ide=None))])
