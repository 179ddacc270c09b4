"""What must hold after any fault: nothing acknowledged is lost, counts are rows, feeds are the SQL reference."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from redis.asyncio import Redis
from sqlalchemy import text

from rules.access import is_in_feed
from services import feed
from stores.postgres.feed import exact
from stores.postgres.pages import TOP
from stores.redis.connection import connect
from stores.redis.timelines import key, member
from tests.patience import PATIENCE_S
from tests.world import Person, World, row_id

PAGE = 7  # small, so that there are many
MANY = 1_000
WITHIN_S = 2 * PATIENCE_S
"""For all that processes have to do, and for being started again."""

WRONG_COUNTS = text(
    """
    select 'followers of ' || users.id
    from users left join (select followee_id, count(*) from follows group by 1) as rows on followee_id = users.id
    where follower_count <> coalesce(rows.count, 0)
    union all
    select 'followees of ' || users.id
    from users left join (select follower_id, count(*) from follows group by 1) as rows on follower_id = users.id
    where following_count <> coalesce(rows.count, 0)
    union all
    select 'posts of ' || author_id
    from author_counts full join (
        select author_id, count(*) from posts where feed_id is not null and deleted_at is null group by 1
    ) as rows using (author_id)
    where coalesce(post_count, 0) <> coalesce(rows.count, 0)
    union all
    select 'posts under ' || name
    from hashtags left join (select hashtag_id, count(*) from hashtagged group by 1) as rows on hashtag_id = hashtags.id
    where post_count <> coalesce(rows.count, 0)
    union all
    select 'likes of post ' || posts.id
    from posts left join (select post_id, count(*) from likes group by 1) as rows on post_id = posts.id
    where deleted_at is null and like_count <> coalesce(rows.count, 0)
    union all
    select 'comments on post ' || posts.id
    from posts left join (select post_id, count(*) from comments group by 1) as rows on post_id = posts.id
    where deleted_at is null and comment_count <> coalesce(rows.count, 0)
    union all
    select 'likes of comment ' || comments.id
    from comments left join (select comment_id, count(*) from comment_likes group by 1) as rows on comment_id = id
    where like_count <> coalesce(rows.count, 0)
    """
)
IDLE_IN_TRANSACTION = text(
    "select query from pg_stat_activity where application_name = 'photofeed' and state like 'idle in transaction%'"
)
LEFT_TO_DO = text(
    """
    select 'job ' || job || ': ' || coalesce(last_error, 'not run yet') from outbox
    union all select 'fan-out of ' || post_id from fan_outs
    """
)


async def until(
    condition: Callable[[], Awaitable[object]], *, within_s: float = WITHIN_S, every_s: float = 0.02
) -> None:
    """The test fails where it takes longer."""
    began = time.monotonic()
    while not await condition():
        assert time.monotonic() - began < within_s, f"not within {within_s:g} s"
        await asyncio.sleep(every_s)


async def acknowledged_writes_are_there(world: World, posts: Iterable[str]) -> None:
    """A: every post that its author was told of is stored, and published."""
    ids = {row_id(post) for post in posts}
    async with world.app.deps.database.read() as connection:
        published = await connection.scalars(
            text("select id from posts where id = any(:ids) and feed_id is not null"), {"ids": list(ids)}
        )
        assert set(published) == ids


async def counts_are_rows(world: World) -> None:
    """C."""
    assert await _texts(world, WRONG_COUNTS) == []


async def feeds_are_right(world: World, viewers: Sequence[Person | int]) -> None:
    """F: all pages of each feed together are what the SQL reference says, in its order, nothing twice."""
    for viewer in viewers:
        viewer_id = viewer if isinstance(viewer, int) else viewer.row_id
        assert await _walked(world, viewer_id) == await reference(world, viewer_id)


async def reference(world: World, viewer_id: int) -> list[int]:
    async with world.app.deps.database.read() as connection:
        found = await exact(connection, viewer_id, below=TOP, most=MANY)
    return [post.id for post in found if is_in_feed(post.relation)]


async def drained(world: World) -> None:
    """O: nothing that was announced is left to do, and no fan-out is under way."""
    began = time.monotonic()
    while left := await _texts(world, LEFT_TO_DO):
        assert time.monotonic() - began < WITHIN_S, left
        await asyncio.sleep(0.05)


async def nothing_is_held(world: World) -> None:
    """P: every connection is back in its pool, and no transaction is left open.

    A worker that is at something has one now and then; what is left stays.
    """

    async def none_is_open() -> bool:
        return await _texts(world, IDLE_IN_TRANSACTION) == []

    await world.app.deps.upkeep.done()
    pools = held_connections(world)
    assert not any(pools.values()), pools
    await until(none_is_open)


def held_connections(world: World) -> Mapping[str, int]:
    """How many are in use, of each pool of the API process."""
    return {
        "postgres": world.app.deps.database.engine.pool.checkedout(),  # type: ignore[attr-defined]  # of a queue pool
        "timelines": len(world.app.deps.timelines._redis.connection_pool._in_use_connections),
        "queue": len(world.app.queue._redis.connection_pool._in_use_connections),
    }


async def are_on_timelines(world: World, post: str, viewer_ids: Sequence[int]) -> bool:
    """Whether each of these viewers has a timeline, and the post on it."""
    async with world.app.deps.database.read() as connection:
        feed_id = await connection.scalar(text("select feed_id from posts where id = :id"), {"id": row_id(post)})
    async with patient_redis(world) as redis, redis.pipeline(transaction=False) as pipeline:
        for viewer_id in viewer_ids:
            pipeline.zscore(key(viewer_id), member(feed_id or 0))
        return None not in await pipeline.execute()


async def timeline_size(world: World, viewer: Person) -> int:
    """How many posts are on the timeline; 0 also where there is none."""
    async with patient_redis(world) as redis:
        return max(int(await redis.zcard(key(viewer.row_id))) - 1, 0)  # without its header


def patient_redis(world: World) -> Redis:
    """For looking, however busy the machine is."""
    return connect(world.app.deps.settings.redis_url.get_secret_value(), timeout_s=PATIENCE_S)


async def has_warm_feed(world: World, viewer: Person) -> bool:
    """Whether a read is answered from the timeline; where not, the timeline is built."""
    warm = world.app.deps.tally.feed_reads["warm"]
    await world.feed(viewer)
    await world.app.deps.upkeep.done()
    return world.app.deps.tally.feed_reads["warm"] > warm


async def _walked(world: World, viewer_id: int) -> list[int]:
    walked: list[int] = []
    below, has_next = TOP, True
    while has_next:
        page = await feed.home(world.app.deps, viewer_id, below=below, most=PAGE)
        walked += [post.id for post in page.posts]
        has_next = page.has_next
        below = page.posts[-1].feed_id or 0 if page.posts else 0
    return walked


async def _texts(world: World, statement: object) -> list[str]:
    async with world.app.deps.database.read() as connection:
        return list(await connection.scalars(statement))  # type: ignore[call-overload]
