"""The one place where stores and services are built from settings."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from redis.asyncio import Redis

from execution.stamps import KeptAnswers
from jobs.routes import QUEUES, ROUTES, with_pushes
from loaders.audience import Audiences
from loaders.users import OwnAccountById
from resolvers.context import Context, context_of
from resolvers.cursors import Cursors
from services import commenting, feed, measures, reactions, signing_in
from services.batches import Batches
from services.batching import WriteBatcher
from services.deps import Deps
from services.live.live import live_of
from services.measures import Measure
from services.passwords import Passwords
from services.tally import Tally
from services.tokens import Tokens, derived
from services.upkeep import Upkeep
from settings import Settings
from stores import push_services
from stores.errors import StoreUnavailable
from stores.ids import IdMint
from stores.objects import Address
from stores.objects import connected as objects_connected
from stores.postgres.database import Database, PoolLimits
from stores.postgres.ids import take_shard
from stores.push_services import PushLimits
from stores.redis.breaker import Breaker
from stores.redis.connection import cancelled, connect
from stores.redis.job_queue import JobQueue, connect_queue
from stores.redis.timelines import TimelineLimits, Timelines
from stores.redis.wakes import Wakes
from stores.vapid import Vapid

log = structlog.get_logger()

PREPARE_EVERY_S = 1.0


@dataclass(frozen=True)
class App:
    """Everything that one process works with."""

    deps: Deps
    queue: JobQueue
    cursors: Cursors
    audiences: Audiences
    answers: KeptAnswers | None

    async def context(
        self,
        token: str | None,
        user_agent: str | None,
        request_id: str,
        *,
        resume_after: str | None = None,
        reads_feed: bool = False,
    ) -> Context:
        """The context of one operation; raises `Unauthenticated` for a token that is not, or no longer, valid."""
        viewer = account = standing = None
        if token is not None and reads_feed:
            viewer, account, standing = await feed.entered(self.deps, token)
        elif token is not None:
            viewer, account = await signing_in.authenticate(self.deps, token)
        context = context_of(self.deps, self.cursors, self.audiences, self.answers, viewer, user_agent, resume_after)
        context.standing = standing
        if account is not None:
            context.loaders[OwnAccountById].prime(account.id, account)
        return context

    async def ended_sessions(self, session_ids: Sequence[int]) -> set[int]:
        """Those that go on no more; one statement, however many are asked about."""
        return await signing_in.ended(self.deps, session_ids)

    async def health(self) -> Mapping[str, str | None]:
        """Each dependency, with what is wrong with it; None where it is fine."""
        checks = {
            "postgres": self.deps.database.ping(),
            "redis": self.queue.ping(),
            "objects": self.deps.objects.ping(),
        }
        most_s = self.deps.settings.health_timeout_s
        return dict(
            zip(checks, await asyncio.gather(*(_trouble(check, most_s) for check in checks.values())), strict=True)
        )

    async def measures(self) -> list[Measure]:
        """The figures of this moment; without those of Postgres where it does not answer in time."""
        return await measures.taken(self.deps, jobs=QUEUES)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[App]:
    """Everything connected, or about to be when first used; closed at the end."""
    async with AsyncExitStack() as stack:
        queue = JobQueue(
            connect_queue(queue_address(settings), timeout_s=settings.redis_timeout_s),
            QUEUES,
            waiting_most=settings.queue_waiting,
        )
        stack.push_async_callback(queue.close)
        redis = connect(settings.redis_url.get_secret_value(), timeout_s=settings.redis_timeout_s)
        stack.push_async_callback(redis.aclose)
        wakes = Wakes(redis, timeout_s=settings.redis_timeout_s)
        database = _database(settings, queue, wakes)
        stack.push_async_callback(database.close)
        passwords = _passwords(settings)
        stack.callback(passwords.close)
        deps = Deps(
            settings=settings,
            database=database,
            timelines=_timelines(settings, redis),
            upkeep=Upkeep(waiting_most=settings.upkeep_waiting),
            batches=_batches(settings, database),
            live=live_of(settings, database, wakes),
            tally=Tally(),
            objects=await stack.enter_async_context(objects_connected(_address(settings))),
            push_services=await stack.enter_async_context(
                push_services.connected(
                    _vapid(settings), _push_limits(settings), private_origins=settings.push_private_origins
                )
            ),
            ids=_ids(database),
            passwords=passwords,
            tokens=_tokens(settings),
        )
        await stack.enter_async_context(_background(deps, queue, wakes))
        cursors = Cursors(derived(settings.secret_key.get_secret_value(), b"cursors"))
        audiences = Audiences(database, lasts_s=settings.live_shared_s)
        answers = KeptAnswers(settings.answers_kept_mib << 20) if settings.answers_kept_mib else None
        yield App(deps, queue, cursors, audiences, answers)


async def ensure_buckets(settings: Settings) -> None:
    """Make the buckets that the object store lacks."""
    async with objects_connected(_address(settings)) as objects:
        await objects.ensure_buckets()


def queue_address(settings: Settings) -> str:
    return (settings.queue_redis_url or settings.redis_url).get_secret_value()


@asynccontextmanager
async def _background(deps: Deps, queue: JobQueue, wakes: Wakes) -> AsyncIterator[None]:
    chores = [queue.run(), wakes.run_sending(), wakes.run_listening(), deps.live.run(), _prepared(deps.ids)]
    chores += [deps.upkeep.run() for _ in range(deps.settings.upkeep_at_once)]
    tasks = [asyncio.create_task(chore) for chore in chores]
    try:
        yield
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(queue.flush(), 1.0)  # what is left, the sweeper finds
    finally:
        await cancelled(*tasks)


async def _prepared(ids: IdMint) -> None:
    """The first id needs a connection: now, while nobody who waits for it holds one himself."""
    while True:
        with contextlib.suppress(StoreUnavailable):
            await ids.mint()
            return
        await asyncio.sleep(PREPARE_EVERY_S)


def _database(settings: Settings, queue: JobQueue, wakes: Wakes) -> Database:
    return Database(
        settings.database_url.get_secret_value(),
        PoolLimits(
            size=settings.database_pool_size,
            readers=settings.database_readers,
            rows_kept=settings.rows_kept,
            wait_s=settings.database_pool_wait_s,
            connect_timeout_s=settings.database_connect_timeout_s,
            statement_timeout_ms=settings.database_statement_timeout_ms,
        ),
        routes=ROUTES if settings.vapid_private_key is None else with_pushes(),
        sweep_after_s=settings.sweep_after_s,
        enqueue=queue.enqueue,
        wake=wakes.send,
    )


def _timelines(settings: Settings, redis: Redis) -> Timelines:
    breaker = Breaker("Redis", failures=settings.breaker_failures, probe_every_s=settings.breaker_probe_s)
    limits = TimelineLimits(
        cap=settings.timeline_cap,
        timeout_s=settings.timeline_timeout_s,
        max_age_s=settings.timeline_max_age_s,
        building_s=settings.timeline_building_s,
    )
    return Timelines(redis, breaker, limits)


def _batches(settings: Settings, database: Database) -> Batches:
    most = settings.write_batch
    return Batches(
        post_likes=WriteBatcher(partial(reactions.commit_post_likes, database), most=most),
        comment_likes=WriteBatcher(partial(reactions.commit_comment_likes, database), most=most),
        comments=WriteBatcher(partial(commenting.commit, database, settings.idempotency_window_s), most=most),
    )


def _ids(database: Database) -> IdMint:
    async def shard() -> int:
        async with database.read() as connection:
            return await take_shard(connection)

    return IdMint(shard)


def _passwords(settings: Settings) -> Passwords:
    return Passwords(
        memory_kib=settings.hash_memory_kib,
        passes=settings.hash_passes,
        concurrency=settings.hash_concurrency,
        queue=settings.hash_queue,
    )


def _tokens(settings: Settings) -> Tokens:
    return Tokens(
        settings.secret_key.get_secret_value(), access_s=settings.access_token_s, refresh_s=settings.refresh_token_s
    )


def _vapid(settings: Settings) -> Vapid | None:
    if settings.vapid_private_key is None or settings.vapid_contact is None:
        return None
    return Vapid(settings.vapid_private_key.get_secret_value(), settings.vapid_contact)


def _push_limits(settings: Settings) -> PushLimits:
    return PushLimits(
        ttl_s=settings.push_ttl_s,
        timeout_s=settings.push_timeout_s,
        at_once=settings.pushes_at_once,
        at_once_per_service=settings.pushes_at_once_per_service,
        breaker_failures=settings.breaker_failures,
        breaker_probe_s=settings.breaker_probe_s,
    )


def _address(settings: Settings) -> Address:
    return Address(
        endpoint_url=settings.s3_endpoint_url,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
        upload_bucket=settings.s3_upload_bucket,
        media_bucket=settings.s3_media_bucket,
        guarded_bucket=settings.s3_guarded_bucket,
        guarded_url_window_s=settings.guarded_url_window_s,
        media_base_url=settings.media_base_url or f"{settings.s3_endpoint_url}/{settings.s3_media_bucket}",
        timeout_s=settings.s3_timeout_s,
        turns=settings.files_held,
    )


async def _trouble(check: Awaitable[None], most_s: float) -> str | None:
    try:
        await asyncio.wait_for(check, most_s)
    except TimeoutError:
        return f"no answer in {most_s:g} s"
    except StoreUnavailable as error:
        return str(error)
    except Exception as error:
        return type(error).__name__
    return None
