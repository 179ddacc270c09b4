"""Posts and accounts in Redis, as a cache would have them: packed by msgspec, without the names of their fields."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from redis.asyncio import Redis

from bench.data_path.stage import Page
from stores.redis import pipelines
from stores.redis.together import Together
from stores.rows import Post, User

Rows = Sequence[tuple[Post, User] | None]
"""Posts and their authors, in the order of a page; None for what is erased."""


class PostEntry(Post, frozen=True, array_like=True):
    """A post, whole."""


class UserEntry(User, frozen=True, array_like=True):
    """An account, whole."""


_post = msgspec.msgpack.Decoder(PostEntry).decode
_user = msgspec.msgpack.Decoder(UserEntry).decode


class Keys(NamedTuple):
    posts: list[str]
    users: list[str]

    @classmethod
    def of(cls, pages: Sequence[Page]) -> "Keys":
        """Each once."""
        post_ids = {id_ for page in pages for id_ in page.post_ids}
        user_ids = {id_ for page in pages for id_ in page.author_ids}
        return cls([_post_key(id_) for id_ in post_ids], [_user_key(id_) for id_ in user_ids])

    def rows(self, pages: Sequence[Page], entries: Sequence[bytes]) -> list[Rows]:
        """Of each page, of what Redis has under the keys of all of them; each entry is unpacked once."""
        many = len(self.posts)
        posts = {post.id: post for post in map(_post, entries[:many])}
        users = {user.id: user for user in map(_user, entries[many:])}
        return [[(post, users[post.author_id]) for post in map(posts.__getitem__, page.post_ids)] for page in pages]


class Entries:
    """Only what is there: nothing is looked for elsewhere, invalidated, or held against the truth."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._reads = Together(self._read)

    async def put(self, rows: Iterable[tuple[Post, User]]) -> None:
        entries: dict[str, bytes] = {}
        for post, user in rows:
            entries[_post_key(post.id)] = msgspec.msgpack.encode(PostEntry(*msgspec.structs.astuple(post)))
            entries[_user_key(user.id)] = msgspec.msgpack.encode(UserEntry(*msgspec.structs.astuple(user)))
        await self._redis.mset(entries)

    async def rows(self, page: Page) -> Rows:
        """A round trip of its own, by redis-py."""
        keys = Keys.of([page])
        [rows] = keys.rows([page], await self._redis.mget([*keys.posts, *keys.users]))
        return rows

    async def rows_together(self, page: Page) -> Rows:
        """One round trip for all who ask in the same turn of the event loop."""
        return await self._reads.load(page)

    async def _read(self, pages: Sequence[Page]) -> list[Rows]:
        keys = Keys.of(pages)
        [entries] = await pipelines.send(self._redis, [("MGET", *keys.posts, *keys.users)])
        return keys.rows(pages, entries)


def _post_key(id_: int) -> str:
    return f"post:{id_}"


def _user_key(id_: int) -> str:
    return f"user:{id_}"
