"""The feed's rows: a statement of asyncpg's for each relation, the feed's ids by redis-py; nothing is remembered.

Ids are texts, as Node's clients have them, so that none is made into one; lists of them go to Postgres in its own
notation, which spares asyncpg a look at each. Connections are kept without a pool's checks and resets.
"""

import asyncio
import os
from collections import deque
from collections.abc import Coroutine, Sequence
from operator import itemgetter
from typing import Any, Generic, NamedTuple, Self, TypeVar

import asyncpg
import hiredis
from redis.asyncio import Connection, ConnectionPool

from bench.peers.feed_types import Ids, Row, UserById
from execution.loader import Loader, Queue

CONNECTIONS = 6
END_POLL_S = 0.001

C = TypeVar("C")


class Statement(NamedTuple):
    columns: str
    rest: str

    @property
    def text(self) -> str:
        return f"select {self.columns} {self.rest}"

    @property
    def record(self) -> type[asyncpg.Record]:
        """Its rows, with an attribute for each column."""
        names = [column.strip().removesuffix("::text") for column in self.columns.split(",")]
        attributes = {name: property(itemgetter(at)) for at, name in enumerate(names)}
        return type("Record", (asyncpg.Record,), {"__slots__": (), **attributes})


IDS = "any($1::text::bigint[])"
STATEMENTS = {
    "posts": Statement(
        "id::text, author_id::text, caption, like_count, comment_count, created_at", f"from posts where id = {IDS}"
    ),
    "users": Statement("id::text, username, display_name, bio", f"from users where id = {IDS}"),
    "media": Statement(
        "post_id::text, id::text, kind, object_key, width, height, blurhash",
        f"from media where post_id = {IDS} order by media.post_id, position",
    ),
    "comments": Statement(
        "post_id::text, id::text, author_id::text, text, created_at",
        """from unnest($1::text::bigint[]) wanted(wanted_id)
        cross join lateral (select * from comments where post_id = wanted_id order by id desc limit $2) latest""",
    ),
    "liked": Statement("post_id::text", f"from likes where post_id = {IDS} and user_id = $2"),
    "followed": Statement("followee_id::text", f"from follows where followee_id = {IDS} and follower_id = $2"),
}


class Spare(Generic[C]):
    """Connections that nobody uses at the moment; who comes first is served first."""

    def __init__(self, connections: Sequence[C]) -> None:
        self._idle = list(connections)
        self._waiting: deque[asyncio.Future[C]] = deque()

    async def take(self) -> C:
        if self._idle:
            return self._idle.pop()
        waiting: asyncio.Future[C] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return await waiting

    def give(self, connection: C) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(connection)
                return
        self._idle.append(connection)


class Stores:
    """Of all requests: prepared statements by name, and connections of redis-py's."""

    def __init__(self, postgres: Sequence[dict[str, Any]], redis: Sequence[Connection]) -> None:
        self.postgres, self.redis = Spare(postgres), Spare(redis)

    @classmethod
    async def connected(cls) -> Self:
        """To where the environment says."""
        postgres = [await _prepared(os.environ["DATABASE_URL"]) for _ in range(CONNECTIONS)]
        pool = ConnectionPool.from_url(os.environ["REDIS_URL"])
        return cls(postgres, [await pool.get_connection() for _ in range(CONNECTIONS)])


class FeedData:
    """As one viewer sees it; all by one connection of Postgres', a statement after the other."""

    def __init__(self, stores: Stores, viewer_id: str) -> None:
        self._stores, self._viewer_id = stores, viewer_id
        self._statements: dict[str, Any] = {}
        self.queue = InTurn()

    async def feed(self, most: int, after: str | None) -> Ids:
        below = f"({after}" if after else "+inf"
        words = "ZREVRANGEBYSCORE", f"feed:{self._viewer_id}", below, "-inf", "LIMIT", 0, most
        connection = await self._stores.redis.take()
        try:
            await connection.send_packed_command(hiredis.pack_command(words))
            found = await connection.read_response()
        finally:
            self._stores.redis.give(connection)
        return [id_.decode() for id_ in found]

    async def release(self) -> None:
        """At the end of the operation; it may have failed before all that it asked for was there."""
        await self.queue.end()
        if self._statements:
            self._stores.postgres.give(self._statements)
            self._statements = {}

    async def posts(self, ids: Ids) -> list[Row]:
        return _by_id(ids, await self._fetch("posts", ids))

    async def users(self, ids: Ids) -> list[Row]:
        return _by_id(ids, await self._fetch("users", ids))

    async def media(self, post_ids: Ids) -> list[list[Row]]:
        return _by_post(post_ids, await self._fetch("media", post_ids))

    async def comments(self, post_ids: Ids, first: int) -> list[list[Row]]:
        return _by_post(post_ids, await self._fetch("comments", post_ids, first))

    async def liked(self, post_ids: Ids) -> list[bool]:
        return await self._are_among(post_ids, "liked")

    async def followed(self, user_ids: Ids) -> list[bool]:
        return await self._are_among(user_ids, "followed")

    async def _are_among(self, ids: Ids, name: str) -> list[bool]:
        found = {id_ for [id_] in await self._fetch(name, ids, int(self._viewer_id))}
        return [id_ in found for id_ in ids]

    async def _fetch(self, name: str, ids: Ids, *more: object) -> list[Row]:
        if not self._statements:
            self._statements = await self._stores.postgres.take()
        rows: list[Row] = await self._statements[name].fetch(f"{{{','.join(ids)}}}", *more)
        return rows


class InTurn(Queue):
    """Loads one thing after another, in one task: for loaders that share a connection.

    Until its turn has come, a batch takes keys. Users come last, so that those who commented are among them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ready: list[Loader[Any, Any, Any]] = []
        self._load: Coroutine[Any, Any, None] | None = None
        self._is_running = False

    def run(self, load: Coroutine[Any, Any, None]) -> None:
        self._load = load

    def _start(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._ready += sorted(waiting, key=lambda loader: type(loader) is not UserById)  # taken from the end
        if not self._is_running:
            self._is_running = True
            super().run(self._run_all())

    async def _run_all(self) -> None:
        while self._ready:
            self._ready.pop().start()
            if self._load is not None:
                await self._load
                self._load = None
                if self._ready:
                    await asyncio.sleep(0)  # for what has waited for it to ask for more
        self._is_running = False

    async def end(self) -> None:
        """An operation that fails may end before what it asked for."""
        while self._waiting or self._is_running:  # noqa: ASYNC110  # seldom, and not for long
            await asyncio.sleep(END_POLL_S)


async def _prepared(url: str) -> dict[str, Any]:
    """Statements of a connection of their own."""
    connection = await asyncpg.connect(url)
    return {name: await connection.prepare(each.text, record_class=each.record) for name, each in STATEMENTS.items()}


def _by_id(ids: Ids, rows: list[Row]) -> list[Row]:
    found = {row[0]: row for row in rows}
    return [found[id_] for id_ in ids]


def _by_post(post_ids: Ids, rows: list[Row]) -> list[list[Row]]:
    by_post: dict[str, list[Row]] = {id_: [] for id_ in post_ids}
    for row in rows:
        by_post[row[0]].append(row)
    return list(by_post.values())
