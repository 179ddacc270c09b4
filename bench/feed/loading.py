"""The data into Photofeed's database, from there into the peers', and the peers' feeds into Redis.

A peer's id is that of Photofeed, with fewer bits for what shares a millisecond: so it is exact as a number of
JavaScript and as a score of Redis.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import asyncpg

from bench.feed import invented, kept
from bench.feed.invented import FULL, Size
from bench.feed.spliced import spliced
from bench.processes import TREE
from dev.embedded import EmbeddedServers
from dev.embedded.postgres import NAME
from migrations.run import upgrade
from services.uploads import rendition_key
from stores.ids import EPOCH_MS, SEQUENCE_BITS, SHARD_BITS
from stores.redis.connection import connect

T = TypeVar("T")
BITS = SHARD_BITS + SEQUENCE_BITS
PEER_BITS = 10
PEERS_SCHEMA = Path(__file__).parent.parent / "peers" / "schema.sql"
FEED_LENGTH = 800
"""Of a peer's feed, as of Photofeed's timelines."""
SPLICED = 60
"""Posts of each feed that are kept as JSON, for the one server that reads them: more than anybody asks for here."""
CHUNK = 2_000
PATIENCE_S = 120.0
REDIS_CODE = TREE / "stores" / "redis"
SOURCES = (Path(invented.__file__), Path(__file__), PEERS_SCHEMA)


def peer_id(id_: int) -> int:
    return ((id_ >> BITS) + EPOCH_MS << PEER_BITS) + (id_ & (1 << BITS) - 1)


def _peer_id(column: str) -> str:
    return f"((({column} >> {BITS}) + {EPOCH_MS}) << {PEER_BITS}) + ({column} & {(1 << BITS) - 1})"


LARGE = rendition_key("", "large")
PEER_TABLES = {
    "users": f"select {_peer_id('id')}, username, display_name, bio, created_at from users order by id",
    "follows": f"""
        select {_peer_id("follower_id")}, {_peer_id("followee_id")}, created_at
        from follows order by follower_id, followee_id
    """,
    "posts": f"""
        select {_peer_id("id")}, {_peer_id("author_id")}, caption, like_count, comment_count, created_at
        from posts order by id
    """,
    "media": f"""
        select {_peer_id("id")}, {_peer_id("post_id")}, kind, object_key || '{LARGE}', width, height, blurhash, position
        from media order by id
    """,
    "likes": f"""
        select {_peer_id("post_id")}, {_peer_id("user_id")}, to_timestamp(((id >> {BITS}) + {EPOCH_MS}) / 1000.0)
        from likes order by post_id, user_id
    """,
    "comments": f"""
        select {_peer_id("id")}, {_peer_id("post_id")}, {_peer_id("author_id")}, text, created_at, like_count
        from comments order by id
    """,
}
FEED = f"""
    select id from posts
    where author_id in (select followee_id from follows where follower_id = $1 union all select $1)
    order by id desc limit {FEED_LENGTH}
"""
LOADED = "feed_benchmark_loaded"


async def load(servers: EmbeddedServers, size: Size = FULL) -> list[int]:
    """All of it, unless an earlier run has; gives Photofeed's ids of the viewers."""
    viewer_ids = await _loaded(servers, size)
    if viewer_ids is None:
        await _emptied(servers)
        await asyncio.to_thread(upgrade, servers.database_url)
        viewer_ids = await _fill(servers, size)
    await asyncio.to_thread(upgrade, servers.database_url)
    await _fill_redis(servers, viewer_ids)
    return viewer_ids


def _fingerprint(size: Size) -> str:
    sources = b"".join(source.read_bytes() for source in SOURCES)
    return sha256(sources + str(size).encode()).hexdigest()


async def _loaded(servers: EmbeddedServers, size: Size) -> list[int] | None:
    """The viewers, where all was loaded from sources like these."""
    async with _connected(servers.database_url) as connection:
        if await connection.fetchval("select to_regclass($1) is null", LOADED):
            return None
        viewer_ids: list[int] | None = await connection.fetchval(
            f"select viewer_ids from {LOADED} where fingerprint = $1", _fingerprint(size)
        )
        return viewer_ids


async def _emptied(servers: EmbeddedServers) -> None:
    """Both databases and all of Redis; what an interrupted run has loaded goes."""
    for name in (NAME, kept.PEERS_DATABASE):
        async with _connected(servers.database_url, database="postgres") as connection:
            await connection.execute(f"drop database if exists {name} with (force)")
            await connection.execute(f"create database {name}")
    async with connect(servers.redis_url, timeout_s=PATIENCE_S) as redis:
        await redis.flushall()


async def _fill(servers: EmbeddedServers, size: Size) -> list[int]:
    say("Inventing people, and what they do ...")
    world = invented.world(size)
    viewer_ids = world.viewer_ids(size.viewers)
    async with _connected(servers.database_url) as ours, _connected(kept.peers_database_url(servers)) as peers:
        await ours.execute("set session_replication_role = replica")  # foreign keys are not looked up row by row
        for name, columns, rows in world.tables():
            say(f"Loading {name} ...")
            await ours.copy_records_to_table(name, columns=columns, records=rows)
        await ours.execute("update feed_clock set last = (select max(feed_id) from posts) where shard = 0")
        say("The same for the peers ...")
        await _copy_to_peers(ours, peers)
        for connection in (ours, peers):
            await connection.execute("create extension if not exists pg_stat_statements")
            await connection.execute("vacuum (analyze, freeze)")
            await connection.execute("checkpoint")
        await ours.execute(f"create table {LOADED} (fingerprint text, viewer_ids bigint[])")
        await ours.execute(f"insert into {LOADED} values ($1, $2)", _fingerprint(size), viewer_ids)
    return viewer_ids


async def _copy_to_peers(ours: asyncpg.Connection, peers: asyncpg.Connection) -> None:
    """Tables first, then what would slow their filling down: keys, indexes, references."""
    tables, rest = PEERS_SCHEMA.read_text().split("-- then")
    await peers.execute(tables)
    for name, query in PEER_TABLES.items():
        await _pipe(ours, peers, query, name)
    await peers.execute(rest)


async def _pipe(source: asyncpg.Connection, target: asyncpg.Connection, query: str, table: str) -> None:
    """The rows of a query into a table of another database, a piece at a time."""
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=16)

    async def taken() -> AsyncIterator[bytes]:
        while (piece := await pieces.get()) is not None:
            yield piece

    async def give() -> None:
        await source.copy_from_query(query, output=pieces.put, format="binary")
        await pieces.put(None)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(give())
        tasks.create_task(target.copy_to_table(table, source=taken(), format="binary"))


async def _fill_redis(servers: EmbeddedServers, viewer_ids: list[int]) -> None:
    """The peers' feeds and spliced posts, unless Redis has kept them; what Photofeed has there goes with its code."""
    code = sha256(b"".join(source.read_bytes() for source in sorted(REDIS_CODE.glob("*.py")))).digest()
    async with (
        connect(kept.peers_redis_url(servers), timeout_s=PATIENCE_S) as redis,
        _connected(kept.peers_database_url(servers)) as peers,
    ):
        if await redis.get(LOADED) == code:
            return
        await redis.flushall()
        say("Filling Redis for the peers ...")
        spliced_ids: set[int] = set()
        for viewer_id in map(peer_id, viewer_ids):
            post_ids = [row[0] for row in await peers.fetch(FEED, viewer_id)]
            await redis.zadd(f"feed:{viewer_id}", {str(post_id): post_id for post_id in post_ids})
            spliced_ids.update(post_ids[:SPLICED])
        for some in batched(sorted(spliced_ids), CHUNK):
            await redis.mset(await spliced(peers, some))
        await redis.set(LOADED, code)
        await redis.save()


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]


@asynccontextmanager
async def _connected(url: str, database: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    """Without the time-outs of requests."""
    connection = await asyncpg.connect(url, database=database)
    try:
        yield connection
    finally:
        await connection.close()


def say(what: str) -> None:
    print(what, flush=True)
