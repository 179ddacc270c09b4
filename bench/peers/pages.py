"""A page of the feed as REST would be written by hand, three ways: how little it can cost in Python."""

import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import asyncpg
import orjson
from redis.asyncio import BlockingConnectionPool, Redis

from bench.peers.raw_redis import RawRedis
from bench.peers.sharing import Shared
from bench.peers.statements import (
    CDN,
    COMMENTS_WITH_AUTHORS,
    FLAGS,
    FLAGS_OF_MANY,
    MEDIA,
    POSTS_AS_SEEN,
    POSTS_WITH_AUTHORS,
)

POOL_SIZE = 10
COMMENTS = 2
PAGE_MOST = 100
AT_ONCE = 2  # of a shared statement

Json = dict[str, Any]


class Ids(NamedTuple):
    """Posts of a page, and whether there are more."""

    ids: list[int]
    has_next: bool


class Spliced(NamedTuple):
    """A post as JSON, but for two flags of the viewer's, which go between the three pieces."""

    author_id: int
    head: bytes
    middle: bytes
    tail: bytes


class Pages:
    """What all ways need: a pool whose connections are not reset, and the ids of a page."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def ids(self, viewer_id: int, first: int, after: str | None) -> Ids:
        first = min(max(first, 1), PAGE_MOST)
        found = await self.found(viewer_id, first + 1, after)
        return Ids([int(id_) for id_ in found[:first]], len(found) > first)

    async def found(self, viewer_id: int, most: int, after: str | None) -> list[bytes]:
        raise NotImplementedError

    async def page(self, viewer_id: int, first: int, after: str | None) -> bytes:
        raise NotImplementedError


class Joined(Pages):
    """Whatever is one to one is joined: three statements on one connection; redis-py."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        super().__init__(pool)
        url = os.environ["REDIS_URL"]
        self._redis = Redis(connection_pool=BlockingConnectionPool.from_url(url, max_connections=20))

    async def found(self, viewer_id: int, most: int, after: str | None) -> list[bytes]:
        below = f"({after}" if after else "+inf"
        return await self._redis.zrevrangebyscore(f"feed:{viewer_id}", below, "-inf", start=0, num=most)

    async def page(self, viewer_id: int, first: int, after: str | None) -> bytes:
        ids, has_next = await self.ids(viewer_id, first, after)
        async with self.pool.acquire() as connection:
            posts = await connection.fetch(POSTS_AS_SEEN, ids, viewer_id)
            media = _media(ids, await connection.fetch(MEDIA, ids))
            comments = _comments(ids, await connection.fetch(COMMENTS_WITH_AUTHORS, ids, COMMENTS))
        edges = {}
        for *post_and_author, is_liked, is_followed in posts:
            post, author = _post(post_and_author)
            author["viewerIsFollowing"] = is_followed
            id_ = post_and_author[0]
            more = {"media": media[id_], "comments": {"edges": comments[id_]}}
            edges[id_] = {"cursor": post["id"], "node": {**post, "viewerHasLiked": is_liked, "author": author, **more}}
        page_info = {"hasNextPage": has_next, "endCursor": str(ids[-1]) if ids else None}
        feed = {"pageInfo": page_info, "edges": [edges[id_] for id_ in ids]}
        return orjson.dumps({"data": {"viewer": {"id": str(viewer_id), "feed": feed}}})


class Raw(Pages):
    """With the least of Redis clients."""

    async def found(self, viewer_id: int, most: int, after: str | None) -> list[bytes]:
        below = f"({after}" if after else "+inf"
        redis = await self.redis()
        return await redis.call("ZREVRANGEBYSCORE", f"feed:{viewer_id}", below, "-inf", "LIMIT", "0", str(most))

    async def redis(self) -> RawRedis:
        if not hasattr(self, "_redis"):
            self._redis = await RawRedis.connect(os.environ["REDIS_URL"])
        return self._redis


class SharedPages(Raw):
    """Posts, media and comments of all requests in flight in three statements, their viewers' flags in one."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        super().__init__(pool)
        self._posts, self._flags = Shared(self._load_posts, AT_ONCE), Shared(self._load_flags, AT_ONCE)

    async def page(self, viewer_id: int, first: int, after: str | None) -> bytes:
        ids, has_next = await self.ids(viewer_id, first, after)
        loaded = await self._posts.load(ids)
        posts = [loaded[id_] for id_ in ids]
        liked = [(True, viewer_id, id_) for id_ in ids]
        followed = [(False, viewer_id, post.author_id) for post in posts]
        flags = await self._flags.load([*liked, *followed])
        nodes = [
            _node(post, like in flags, follow in flags)
            for post, like, follow in zip(posts, liked, followed, strict=True)
        ]
        return _envelope(viewer_id, ids, has_next, nodes)

    async def _load_posts(self, ids: list[int]) -> dict[int, Spliced]:
        async with self.pool.acquire() as connection:
            rows = await connection.fetch(POSTS_WITH_AUTHORS, ids)
            media = _media(ids, await connection.fetch(MEDIA, ids))
            comments = _comments(ids, await connection.fetch(COMMENTS_WITH_AUTHORS, ids, COMMENTS))
        posts = {}
        for row in rows:
            (post, author), id_ = _post(row), row[0]
            head = orjson.dumps(post)[:-1] + b',"viewerHasLiked":'
            middle = b',"author":' + orjson.dumps(author)[:-1] + b',"viewerIsFollowing":'
            tail = b"}," + orjson.dumps({"media": media[id_], "comments": {"edges": comments[id_]}})[1:]
            posts[id_] = Spliced(int(author["id"]), head, middle, tail)
        return posts

    async def _load_flags(self, keys: list[tuple[bool, int, int]]) -> set[tuple[bool, int, int]]:
        liked, followed = [key for key in keys if key[0]], [key for key in keys if not key[0]]
        columns = [[key[1] for key in liked], [key[2] for key in liked]]
        columns += [[key[1] for key in followed], [key[2] for key in followed]]
        return set(map(tuple, await self.pool.fetch(FLAGS_OF_MANY, *columns)))


class SplicedPages(Raw):
    """Posts as JSON from Redis, never parsed; one statement, for the viewer's flags."""

    async def page(self, viewer_id: int, first: int, after: str | None) -> bytes:
        ids, has_next = await self.ids(viewer_id, first, after)
        redis = await self.redis()
        posts = [_parsed(kept) for kept in await redis.call("MGET", *[f"spl:{id_}" for id_ in ids])]
        flags = await self.pool.fetch(FLAGS, viewer_id, ids, list({post.author_id for post in posts}))
        liked = {id_ for is_like, id_ in flags if is_like}
        followed = {id_ for is_like, id_ in flags if not is_like}
        nodes = [_node(post, id_ in liked, post.author_id in followed) for id_, post in zip(ids, posts, strict=True)]
        return _envelope(viewer_id, ids, has_next, nodes)


WAYS: dict[str, Callable[[asyncpg.Pool], Pages]] = {
    "joined": Joined,
    "shared": SharedPages,
    "spliced": SplicedPages,
}


async def connect(way: str) -> Pages:
    """Pages by a way of WAYS."""
    url = os.environ["DATABASE_URL"]
    pool = await asyncpg.create_pool(url, min_size=POOL_SIZE, max_size=POOL_SIZE, reset=_leave)
    return WAYS[way](pool)


async def _leave(connection: asyncpg.Connection) -> None:
    """As it is: nothing here changes what a connection remembers."""


def _post(row: Sequence[Any]) -> tuple[Json, Json]:
    """A post and its author."""
    id_, caption, created_at, likes, comments, user_id, username, display_name, bio = row
    counts = {"likeCount": likes, "commentCount": comments}
    post = {"id": str(id_), "caption": caption, "createdAt": created_at, **counts}
    return post, {"id": str(user_id), "username": username, "displayName": display_name, "bio": bio}


def _media(post_ids: Sequence[int], rows: Sequence[Sequence[Any]]) -> dict[int, list[Json]]:
    media: dict[int, list[Json]] = {id_: [] for id_ in post_ids}
    for post_id, id_, kind, key, width, height, blurhash in rows:
        shape = {"width": width, "height": height, "blurhash": blurhash}
        media[post_id].append({"id": str(id_), "kind": kind, "url": CDN + key, **shape})
    return media


def _comments(post_ids: Sequence[int], rows: Sequence[Sequence[Any]]) -> dict[int, list[Json]]:
    comments: dict[int, list[Json]] = {id_: [] for id_ in post_ids}
    for post_id, id_, text, created_at, user_id, username, bio in rows:
        author = {"id": str(user_id), "username": username, "bio": bio}
        comments[post_id].append({"node": {"id": str(id_), "text": text, "createdAt": created_at, "author": author}})
    return comments


def _parsed(kept: bytes) -> Spliced:
    author_id, head, middle, tail = kept.split(b"\0")
    return Spliced(int(author_id), head, middle, tail)


def _node(post: Spliced, is_liked: bool, is_followed: bool) -> bytes:
    flags = (b"true" if is_liked else b"false", b"true" if is_followed else b"false")
    return b"".join((post.head, flags[0], post.middle, flags[1], post.tail))


def _envelope(viewer_id: int, ids: Sequence[int], has_next: bool, nodes: Sequence[bytes]) -> bytes:
    """The answer around nodes that are JSON already."""
    edges = b",".join([b'{"cursor":"%d","node":%s}' % each for each in zip(ids, nodes, strict=True)])
    page_info = b'"hasNextPage":%s,"endCursor":%s' % (
        b"true" if has_next else b"false",
        b'"%d"' % ids[-1] if ids else b"null",
    )
    return b'{"data":{"viewer":{"id":"%d","feed":{"pageInfo":{%s},"edges":[%s]}}}}' % (viewer_id, page_info, edges)
