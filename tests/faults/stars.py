"""Somebody with very many followers, who all have timelines, and his posts on their way to them."""

from bench import crowd
from stores.postgres import fan_outs
from tests.faults.checks import patient_redis
from tests.world import Person, World, row_id


async def star(world: World, followers: int) -> tuple[Person, list[int]]:
    """With the followers' ids, in the order in which a fan-out reaches them."""
    person = await world.person("star")
    follower_ids = await crowd.add_people(world.app, followers)
    await crowd.add_follows(world.app, follower_ids, [person.row_id])
    await crowd.sql(world.app, "analyze follows")
    async with patient_redis(world) as redis:
        await crowd.add_timelines(world.app, redis, follower_ids)
    return person, follower_ids


async def is_under_way(world: World, post: str) -> bool:
    """Whether some followers have the post, and others not."""
    async with world.app.deps.database.read() as connection:
        fan_out = await fan_outs.find(connection, row_id(post))
    assert fan_out is not None, "the fan-out is over already"
    return fan_out.reached_id > 0
