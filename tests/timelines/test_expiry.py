"""Timelines of those who stay away go by themselves."""

from redis.asyncio import Redis

from settings import Settings
from stores.redis.timelines import key
from tests.world import Person, World


async def seconds_to_live(settings: Settings, viewer: Person) -> int:
    """-1 for ever, -2 where there is no timeline."""
    async with Redis.from_url(settings.redis_url.get_secret_value()) as redis:
        return int(await redis.ttl(key(viewer.row_id)))


async def test_a_timeline_ends_in_three_days_at_most(world: World, settings: Settings) -> None:
    ana = await world.person()
    await world.feed(ana)
    await world.app.deps.upkeep.done()
    longest = settings.timeline_max_age_s
    assert longest * 11 / 12 - 60 < await seconds_to_live(settings, ana) <= longest


async def test_an_empty_timeline_still_ends_after_a_follow_that_brings_no_posts(
    world: World, settings: Settings
) -> None:
    ana, ben = await world.person(), await world.person()
    await world.feed(ana)
    await world.app.deps.upkeep.done()
    await world.follow(ana, ben)
    await world.run_jobs()
    assert 0 < await seconds_to_live(settings, ana) <= settings.timeline_max_age_s
