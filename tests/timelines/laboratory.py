"""Photofeed's services over real stores, whose work is done step by step, and what may befall those stores."""

from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

import uvloop
from redis.asyncio import Redis
from sqlalchemy import delete, insert, text

import wiring
from jobs.routes import ROUTES
from services import feed, posting, publishing
from services.deps import Deps
from settings import Settings
from stores.postgres import media, posts, tables
from stores.postgres.database import PoolLimits
from stores.redis.breaker import Breaker
from stores.redis.timelines import TimelineLimits, key
from stores.rows import Post
from tests.patience import PATIENCE_S
from tests.timelines.relations import Pair, Relations
from tests.timelines.stepping import Asked, Stepped, SteppedDatabase, SteppedTimelines, Trouble, UnsteadyPool
from tests.world import emptied

T = TypeVar("T")
Job = tuple[str, dict[str, int]]
"""An announced job, and its arguments."""
_PAIRS = text(
    """
    select 'follows', follower_id, followee_id from follows where follower_id = any(:people)
    union all select 'requests', requester_id, requestee_id from follow_requests where requester_id = any(:people)
    union all select 'blocks', blocker_id, blocked_id from blocks where blocker_id = any(:people)
    union all select 'mutes', muter_id, muted_id from mutes where muter_id = any(:people)
    """
)


class Limits(NamedTuple):
    """So small that all of them are met within a few steps. `strong`: as `strong_mode_posts`."""

    cap: int
    slack: int
    chunk: int
    newest: int
    spare: int
    strong: int


class ExactLimits(TimelineLimits):
    slack = 0


class RoomyLimits(TimelineLimits):
    slack = 1


class Laboratory:
    """Its event loop runs only while something is done, so that nothing happens by itself."""

    deps: Deps
    redis: Redis

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = uvloop.new_event_loop()
        self._stack = AsyncExitStack()
        self._announced: list[int] = []
        self._people: list[int] = []
        self._under_way: set[Stepped[Any]] = set()
        self._spares = feed.NEWEST_FOLLOWS, feed.SPARE

    def __enter__(self) -> Self:
        self.run(self._open())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        feed.NEWEST_FOLLOWS, feed.SPARE = self._spares
        for stepped in list(self._under_way):
            self.kill(stepped)
        self.run(self._stack.aclose())
        self.run(self._loop.shutdown_asyncgens())
        self._loop.close()

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(what)

    def start(self, work: Coroutine[Any, Any, T]) -> Stepped[T]:
        """It is about to make its first store call."""
        stepped = self.run(Stepped.begun(work))
        self._under_way.add(stepped)
        return stepped

    def step(self, stepped: Stepped[Any], trouble: Trouble | None = None) -> None:
        """Let one store call be made; `trouble` is what Redis makes of it, where it is one to Redis."""
        self.run(stepped.step(trouble))
        if stepped.is_done:
            self._under_way.discard(stepped)

    def kill(self, stepped: Stepped[Any]) -> None:
        self.run(stepped.kill())
        self._under_way.discard(stepped)

    async def _open(self) -> None:
        settings, entered = self._settings, self._stack.enter_async_context
        app = await entered(wiring.running(settings))
        self._stack.push_async_callback(emptied, app)
        database = SteppedDatabase(
            settings.database_url.get_secret_value(),
            PoolLimits(
                size=20,
                readers=4,
                rows_kept=100,
                wait_s=PATIENCE_S,
                connect_timeout_s=PATIENCE_S,
                statement_timeout_ms=settings.database_statement_timeout_ms,
            ),
            routes=ROUTES,
            sweep_after_s=settings.sweep_after_s,
            enqueue=lambda jobs: self._announced.extend(job_id for job_id, _ in jobs),
            wake=lambda topics: None,
        )
        self._stack.push_async_callback(database.close)
        self.redis = await entered(Redis.from_pool(UnsteadyPool.from_url(settings.redis_url.get_secret_value())))
        self._stack.push_async_callback(self.redis.flushall)
        limits = TimelineLimits(
            cap=settings.timeline_cap,
            timeout_s=PATIENCE_S,
            max_age_s=settings.timeline_max_age_s,
            building_s=settings.timeline_building_s,
        )
        breaker = Breaker("Redis", failures=2, probe_every_s=0.0)
        timelines = SteppedTimelines(self.redis, breaker, limits)
        self.deps = replace(app.deps, database=database, timelines=timelines, upkeep=Asked())

    async def begin(self, limits: Limits, *, people: int) -> list[int]:
        """Nothing is waiting to be done, and there are new people; gives their ids."""
        feed.NEWEST_FOLLOWS, feed.SPARE = limits.newest, limits.spare
        chosen = {"fan_out_chunk": limits.chunk, "requests_chunk": limits.chunk, "strong_mode_posts": limits.strong}
        tiny = ExactLimits if limits.slack == 0 else RoomyLimits
        self.deps.timelines.limits = tiny(*self.deps.timelines.limits)._replace(cap=limits.cap)
        self.deps = replace(self.deps, settings=self._settings.model_copy(update=chosen), upkeep=Asked())
        await self.redis.flushall()
        self._announced.clear()
        self._people = ids = [await self.deps.ids.mint() for _ in range(people)]
        async with self.deps.database.unit_of_work() as uow:
            await uow.connection.execute(delete(tables.fan_outs))
            rows = [{"id": id_, "username": f"user{id_}", "username_skeleton": f"user{id_}"} for id_ in ids]
            await uow.connection.execute(insert(tables.users).values(display_name="Somebody"), rows)
        return ids

    async def add_follows(self, edges: Sequence[tuple[int, int]]) -> None:
        """As the first that these people make."""
        made: Counter[int] = Counter()
        rows = []
        for follower_id, followee_id in edges:
            made[follower_id] += 1
            edge = {"follower_id": follower_id, "followee_id": followee_id, "ver": made[follower_id]}
            rows.append(edge | {"id": await self.deps.ids.mint()})
        counted = text(
            "update users set (following_count, follow_ver, follower_count) ="
            " (select count(*) filter (where follower_id = users.id), count(*) filter (where follower_id = users.id),"
            " count(*) filter (where followee_id = users.id)"
            " from follows where follower_id = users.id or followee_id = users.id) where id = any(:ids)"
        )
        if rows:
            async with self.deps.database.unit_of_work() as uow:
                await uow.connection.execute(insert(tables.follows), rows)
                await uow.connection.execute(counted, {"ids": list({id_ for edge in edges for id_ in edge})})

    async def drain(self) -> None:
        """Have it that all fan-outs are done."""
        async with self.deps.database.unit_of_work() as uow:
            await uow.connection.execute(delete(tables.fan_outs))

    # ------------------------------------------------------------------------------------ what is done in it

    async def create(self, author_id: int) -> Post:
        """As a client does whose picture is processed already."""
        media_id = await self.deps.ids.mint()
        async with self.deps.database.unit_of_work() as uow:
            await media.add(uow.connection, _picture(media_id, author_id) | {"status": "READY"})
        return await posting.create(self.deps, author_id, posting.Draft([media_id]), idempotency_key=None)

    async def draft(self, author_ids: Sequence[int]) -> list[int]:
        """A post for each, whose picture is processed, though nobody has noticed yet; gives their ids."""
        made = {await self.deps.ids.mint(): author_id for author_id in author_ids}
        drafts = [{"id": id_, "author_id": author_id} for id_, author_id in made.items()]
        pictures = [_picture(await self.deps.ids.mint(), author_id) for author_id in author_ids]
        taken = [picture | {"post_id": post_id} for picture, post_id in zip(pictures, made, strict=True)]
        async with self.deps.database.unit_of_work() as uow:
            await uow.connection.execute(insert(tables.posts).values(caption="", status="PROCESSING"), drafts)
            await uow.connection.execute(insert(tables.media).values(status="READY", position=0), taken)
        return list(made)

    async def publish(self, post_ids: Sequence[int]) -> list[Post]:
        """All at once; gives them in no order."""
        async with self.deps.database.unit_of_work() as uow:
            await publishing.settle(self.deps, uow, post_ids)
        async with self.deps.database.read() as connection:
            return await posts.by_ids(connection, post_ids)

    async def announced(self) -> list[Job]:
        """What was announced since this was asked last."""
        ids, self._announced = self._announced, []
        if not ids:
            return []
        row = tables.outbox.c
        taken = delete(tables.outbox).where(row.id.in_(ids)).returning(row.id, row.job, row.arguments)
        async with self.deps.database.unit_of_work() as uow:
            rows = (await uow.connection.execute(taken)).all()
        return [(job, arguments) for _, job, arguments in sorted(rows, key=lambda row: int(row[0]))]

    def with_threshold(self, threshold: int) -> Deps:
        return replace(self.deps, settings=self.deps.settings.model_copy(update={"pull_threshold": threshold}))

    async def live_timelines(self, viewers: Sequence[int]) -> list[int]:
        """Those of `viewers` who have one; each that there is will end."""
        async with self.redis.pipeline(transaction=False) as pipeline:
            for viewer_id in viewers:
                pipeline.zrange(key(viewer_id), 0, 0)
                pipeline.ttl(key(viewer_id))
            found = await pipeline.execute()
        assert -1 not in found[1::2], "a timeline never ends"
        return [viewer_id for viewer_id, header in zip(viewers, found[::2], strict=True) if b":L:" in b"".join(header)]

    async def counts(self, user_id: int) -> tuple[int, int, int]:
        """How many followers, followees and posts there are said to be."""
        asked = text(
            "select follower_count, following_count, coalesce((select post_count from author_counts where author_id ="
            " users.id), 0) from users where id = :user_id"
        )
        async with self.deps.database.read() as connection:
            followers, followees, posts = (await connection.execute(asked, {"user_id": user_id})).one()
        return followers, followees, posts

    async def pairs(self) -> dict[str, set[Pair]]:
        """How people stand to each other, as the model has it."""
        async with self.deps.database.read() as connection:
            rows = (await connection.execute(_PAIRS, {"people": self._people})).all()
        return {name: {(one, other) for of, one, other in rows if of == name} for name in Relations().pairs()}

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


def _picture(media_id: int, owner_id: int) -> dict[str, object]:
    return {
        "id": media_id,
        "owner_id": owner_id,
        "kind": "IMAGE",
        "content_type": "image/jpeg",
        "byte_size": 1,
        "object_key": f"{media_id}-test",
    }
