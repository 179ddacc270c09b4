"""The feed of a viewer who has a timeline."""

from stores.postgres.pages import TOP
from tests.world import Person, World


async def on_timeline(world: World, viewer: Person) -> int:
    """How many posts the viewer's timeline has; -1 where there is none."""
    timeline = await world.app.deps.timelines.read(viewer.row_id, below=TOP, most=1_000)
    return -1 if timeline is None else len(timeline.feed_ids)


async def test_the_first_read_builds_a_timeline_that_the_next_one_reads(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    posts = [await world.post(ana) for _ in range(30)]
    assert await on_timeline(world, ben) == -1

    assert await world.feed(ben) == posts[::-1]
    await world.app.deps.upkeep.done()

    assert await on_timeline(world, ben) == 30
    assert await world.feed(ben) == posts[::-1]


async def test_a_post_is_pushed_onto_the_timelines_that_exist(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    for follower in (ben, eva):
        await world.follow(follower, ana)
    await world.feed(ben)
    await world.app.deps.upkeep.done()

    post = await world.post(ana)
    await world.run_jobs()

    assert [await on_timeline(world, who) for who in (ana, ben, eva)] == [-1, 1, -1]
    assert [await world.feed(who) for who in (ana, ben, eva)] == [[post]] * 3


async def test_a_post_is_in_the_feed_before_it_is_fanned_out(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    await world.feed(ben)
    await world.app.deps.upkeep.done()

    post = await world.post(ana)

    assert await on_timeline(world, ben) == 0
    assert await world.feed(ben) == [post]


async def test_below_the_floor_of_a_timeline_postgres_answers(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    posts = [await world.post(ana) for _ in range(12)]
    limits = world.app.deps.timelines.limits
    world.app.deps.timelines.limits = limits._replace(cap=5)
    try:
        await world.feed(ben)
        await world.app.deps.upkeep.done()
        assert await on_timeline(world, ben) == 5
        assert await world.feed(ben) == posts[::-1]
    finally:
        world.app.deps.timelines.limits = limits
