"""What `/metrics` says of the outbox, the fan-outs and the home feeds."""

import asyncio
import re
import socket

from pydantic import SecretStr

from settings import Settings
from tests.patience import PATIENCE_S
from tests.processes import another_process
from tests.server.test_jobs_command import set_aside_job, waiting_job
from tests.world import Person, World

OF_POSTGRES = ("outbox_jobs_waiting", "outbox_jobs_set_aside", "outbox_jobs_oldest_seconds", "fan_outs_undrained")


async def figure(world: World, name: str) -> float:
    """Of the one series with this name and labels."""
    [found] = re.findall(rf"^{re.escape(name)} (\S+)$", await scraped(world), re.MULTILINE)
    return float(found)


async def scraped(world: World) -> str:
    reply = await world.http.get("/metrics")
    assert reply.status_code == 200
    return reply.text


async def reads(world: World, way: str) -> float:
    return await figure(world, f'feed_reads_total{{way="{way}"}}')


async def settled_feed(world: World, viewer: Person, *, first: int = 100) -> list[str]:
    """A first page, after which the viewer's timeline is in order."""
    seen = await world.feed(viewer, first=first)
    await world.app.deps.upkeep.done()
    return seen


async def test_jobs_that_wait_and_that_are_set_aside_are_counted_apart(world: World) -> None:
    for viewer_id in (71, 72, 73):
        await waiting_job(world, viewer_id)
    await set_aside_job(world, 74)
    assert await figure(world, 'outbox_jobs_waiting{job="refresh_timeline"}') == 3
    assert await figure(world, 'outbox_jobs_set_aside{job="refresh_timeline"}') == 1


async def test_the_lag_of_the_outbox_is_the_age_of_the_oldest_job_that_waits(world: World) -> None:
    await set_aside_job(world, 71)
    await world.sql("update outbox set announced_at = now() - interval '9 hours'")
    await waiting_job(world, 72)
    await world.sql("update outbox set announced_at = now() - interval '90 seconds' where not is_set_aside")
    await waiting_job(world, 73)
    assert 90 <= await figure(world, 'outbox_jobs_oldest_seconds{job="refresh_timeline"}') < 120


async def test_a_job_with_nothing_to_do_has_zeros(world: World) -> None:
    for what in ("waiting", "set_aside", "oldest_seconds"):
        assert await figure(world, f'outbox_jobs_{what}{{job="process_media"}}') == 0
    assert await figure(world, "fan_outs_undrained") == 0
    assert await figure(world, "fan_outs_oldest_seconds") == 0


async def test_fan_outs_that_are_not_done_are_counted_with_the_age_of_the_first(world: World) -> None:
    ana = await world.person("ana")
    await world.post(ana)
    await world.sql("update posts set published_at = now() - interval '5 minutes'")
    await world.post(ana)
    assert await figure(world, "fan_outs_undrained") == 2
    assert 300 <= await figure(world, "fan_outs_oldest_seconds") < 330
    await world.run_jobs()
    assert await figure(world, "fan_outs_undrained") == 0


async def test_without_postgres_the_rest_is_answered(settings: Settings) -> None:
    nowhere = SecretStr("postgresql://photofeed@127.0.0.1:1/photofeed")
    async with another_process(settings, database_url=nowhere) as world:
        text = await scraped(world)
    assert not [name for name in OF_POSTGRES if name in text]
    assert 'feed_reads_total{way="cold"} 0.0' in text
    assert "process_resident_memory_bytes" in text


async def test_a_postgres_that_hangs_holds_nobody_up(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        address = SecretStr(f"postgresql://photofeed@127.0.0.1:{hanging.getsockname()[1]}/photofeed")
        async with another_process(settings, database_url=address, health_timeout_s=0.2) as world:
            began = asyncio.get_running_loop().time()
            assert "outbox_jobs_waiting" not in await scraped(world)
            assert asyncio.get_running_loop().time() - began < PATIENCE_S / 2, "a connection may take that long here"


async def test_feed_reads_are_counted_by_the_way_they_were_found(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    for _ in range(30):
        await world.post(ana)
    before = {way: await reads(world, way) for way in ("cold", "warm", "below_floor", "thinned")}

    async def read_since() -> dict[str, float]:
        return {way: await reads(world, way) - count for way, count in before.items()}

    await settled_feed(world, ben)
    assert await read_since() == {"cold": 1, "warm": 0, "below_floor": 0, "thinned": 0}
    await settled_feed(world, ben)
    assert await read_since() == {"cold": 1, "warm": 1, "below_floor": 0, "thinned": 0}
    await world.unfollow(ben, ana)
    await settled_feed(world, ben, first=1)
    assert await read_since() == {"cold": 1, "warm": 1, "below_floor": 0, "thinned": 1}


async def test_a_page_below_the_floor_is_counted_as_one(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    for _ in range(12):
        await world.post(ana)
    timelines = world.app.deps.timelines
    limits, timelines.limits = timelines.limits, timelines.limits._replace(cap=5)
    try:
        await settled_feed(world, ben)
        before = await reads(world, "below_floor"), await reads(world, "warm")
        await world.feed(ben, first=3)
        await world.feed(ben, first=8)
        assert (await reads(world, "below_floor"), await reads(world, "warm")) == (before[0] + 1, before[1] + 1)
    finally:
        timelines.limits = limits


async def test_the_breaker_shows_when_redis_is_given_up(world: World, settings: Settings) -> None:
    ana = await world.person("ana")
    assert await figure(world, "redis_breaker_open") == 0
    async with another_process(settings, redis_url=SecretStr("redis://127.0.0.1:1/0")) as without_redis:
        for _ in range(settings.breaker_failures):
            assert await without_redis.feed(ana) == []
        assert await figure(without_redis, "redis_breaker_open") == 1
