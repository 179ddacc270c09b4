"""Photofeed's services over real stores, whose work is done step by step, and what may befall those stores."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count
from types import TracebackType
from typing import Any, Self, TypeVar

import uvloop
from redis.asyncio import Redis
from sqlalchemy import delete, insert, select, text, update

import wiring
from jobs.routes import ROUTES
from services import posting, publishing
from services.deps import Deps
from settings import Settings
from stores.postgres import media, tables
from stores.postgres.database import PoolLimits, UnitOfWork
from stores.redis.breaker import Breaker
from stores.redis.timelines import TimelineLimits, key
from tests.timelines.model import Model
from tests.timelines.stepping import Asked, SteppedDatabase, SteppedTimelines, UnsteadyPool
from tests.world import emptied

T = TypeVar("T")
PATIENCE_S = 30.0  # nothing but a test's own doing makes a store slow
_numbers = count(1)


class Laboratory:
    """Its event loop runs only while something is done, so that nothing happens by itself."""

    deps: Deps
    app: wiring.App
    redis: Redis

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = uvloop.new_event_loop()
        self._stack = AsyncExitStack()
        self._announced: list[int] = []

    def __enter__(self) -> Self:
        self.run(self._open())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.run(self._close())
        self._loop.close()

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(what)

    async def _open(self) -> None:
        settings = self._settings
        self.app = await self._stack.enter_async_context(wiring.running(settings))
        database = SteppedDatabase(
            settings.database_url.get_secret_value(),
            PoolLimits(size=20, wait_s=PATIENCE_S, connect_timeout_s=PATIENCE_S, statement_timeout_ms=30_000),
            routes=ROUTES,
            sweep_after_s=settings.sweep_after_s,
            after_commit=lambda jobs: self._announced.extend(job_id for job_id, _ in jobs),
        )
        self._stack.push_async_callback(database.close)
        self.redis = Redis.from_pool(UnsteadyPool.from_url(settings.redis_url.get_secret_value()))
        self._stack.push_async_callback(self.redis.aclose)
        limits = TimelineLimits(
            cap=settings.timeline_cap,
            timeout_s=PATIENCE_S,
            max_age_s=settings.timeline_max_age_s,
            building_s=settings.timeline_building_s,
        )
        breaker = Breaker("Redis", failures=2, probe_every_s=0.0)
        timelines = SteppedTimelines(self.redis, breaker, limits)
        self.deps = replace(self.app.deps, database=database, timelines=timelines, upkeep=Asked())

    async def _close(self) -> None:
        await emptied(self.app)
        await self.redis.flushall()
        await self._stack.aclose()
        await self._loop.shutdown_asyncgens()

    # ------------------------------------------------------------------------------------ what there is

    def ready(self, *, cap: int, chunk: int, threshold: int, strong_mode_posts: int) -> Deps:
        """With these limits, and nothing asked for by earlier reads."""
        limits = {"fan_out_chunk": chunk, "pull_threshold": threshold, "strong_mode_posts": strong_mode_posts}
        self.deps.timelines.limits = self.deps.timelines.limits._replace(cap=cap)
        self.deps = replace(self.deps, settings=self._settings.model_copy(update=limits), upkeep=Asked())
        return self.deps

    def with_threshold(self, deps: Deps, threshold: int) -> Deps:
        return replace(deps, settings=deps.settings.model_copy(update={"pull_threshold": threshold}))

    async def begin(self, people: int) -> list[int]:
        """Nothing is waiting to be done, and there are new people; gives their ids."""
        ids = [await self.deps.ids.mint() for _ in range(people)]
        async with self.deps.database.unit_of_work() as uow:
            await uow.connection.execute(delete(tables.fan_outs))
            await uow.connection.execute(delete(tables.outbox))
            rows = [{"id": id_, "username": f"user{id_}", "username_skeleton": f"user{id_}"} for id_ in ids]
            await uow.connection.execute(insert(tables.users).values(display_name="Somebody"), rows)
        await self.redis.flushall()
        self._announced.clear()
        return ids

    async def announced(self) -> list[tuple[str, dict[str, int]]]:
        """The jobs that were announced since this was asked last, with their arguments."""
        if not self._announced:
            return []
        ids, self._announced = self._announced, []
        outbox = tables.outbox
        async with self.deps.database.unit_of_work() as uow:
            done = delete(outbox).where(outbox.c.id.in_(ids)).returning(outbox.c.id, outbox.c.job, outbox.c.arguments)
            rows = sorted(tuple(row) for row in await uow.connection.execute(done))
        return [(job, arguments) for _, job, arguments in rows]

    async def post(self, author_id: int) -> int:
        """Publish at once, as somebody does whose picture is processed already; gives the post's id."""
        async with self.deps.database.unit_of_work() as uow:
            media_id = await self._picture(uow, author_id, "READY")
        return (await posting.create(self.deps, author_id, posting.Draft([media_id]), idempotency_key=None)).id

    async def draft(self, author_id: int) -> int:
        """A post whose picture is not processed yet."""
        async with self.deps.database.unit_of_work() as uow:
            media_id = await self._picture(uow, author_id, "PROCESSING")
        return (await posting.create(self.deps, author_id, posting.Draft([media_id]), idempotency_key=None)).id

    async def publish(self, post_ids: Sequence[int]) -> None:
        """All at once, now that their pictures are processed."""
        async with self.deps.database.unit_of_work() as uow:
            processed = update(tables.media).where(tables.media.c.post_id.in_(post_ids)).values(status="READY")
            await uow.connection.execute(processed)
            await publishing.settle(self.deps, uow, post_ids)

    async def feed_ids(self, post_ids: Sequence[int]) -> list[tuple[int, int]]:
        """Of published posts, with the posts, in the order of their publication."""
        posts = tables.posts
        published = select(posts.c.feed_id, posts.c.id).where(posts.c.id.in_(post_ids)).order_by(posts.c.feed_id)
        async with self.deps.database.read() as connection:
            return [(feed_id, id_) for feed_id, id_ in await connection.execute(published)]

    async def live_timelines(self, viewers: Sequence[int]) -> list[int]:
        """Those of `viewers` who have one; all that is in Redis has an end."""
        async with self.redis.pipeline(transaction=False) as pipeline:
            for viewer_id in viewers:
                pipeline.zrange(key(viewer_id), 0, 0).ttl(key(viewer_id))
            found = await pipeline.execute()
        headers = dict(zip(viewers, found[::2], strict=True))
        assert -1 not in found[1::2], "a timeline that never expires"
        return [viewer_id for viewer_id, header in headers.items() if header and b":L:" in header[0]]

    async def check_counts(self, model: Model) -> None:
        """Rows are what the model says, and counts are what there are rows of."""

    async def _picture(self, uow: UnitOfWork, owner_id: int, status: str) -> int:
        media_id = await self.deps.ids.mint()
        picture = {"id": media_id, "owner_id": owner_id, "kind": "IMAGE", "status": status, "byte_size": 1}
        await media.add(uow.connection, {**picture, "content_type": "image/jpeg", "object_key": f"{media_id}-test"})
        return media_id

    # ------------------------------------------------------------------------------------ what befalls it

    async def restart_redis(self) -> None:
        """Everything in it is gone, the scripts included."""
        await self.redis.flushall()
        await self.redis.script_flush()

    async def let_pass(self, seconds: int, viewers: Sequence[int]) -> None:
        """So much later: what has a time is so much older, and timelines that were being built are gone.

        The others stay beyond their time to live, as if Redis were late with them.
        """
        older = text("update users set both_since = both_since - make_interval(secs => :seconds)")
        async with self.deps.database.unit_of_work() as uow:
            await uow.connection.execute(older, {"seconds": seconds})
        for viewer_id in viewers:
            for header in await self.redis.zrange(key(viewer_id), 0, 0):
                token, state, floor, ver, built = header.split(b":")
                if state == b"L":
                    aged = b":".join([token, state, floor, ver, b"%d" % (int(built) - seconds)])
                    await self.redis.zadd(key(viewer_id), {aged: 0})
                    await self.redis.zrem(key(viewer_id), header)
                else:
                    await self.redis.delete(key(viewer_id))
