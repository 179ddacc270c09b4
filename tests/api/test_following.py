"""Following: once however often it is asked, with counts that are exact."""

import asyncio
import random
from itertools import chain

from sqlalchemy import func, select

from settings import Settings
from stores.postgres.tables import follows, users
from tests.processes import another_process
from tests.world import FOLLOW, UNFOLLOW, Person, World

BOTH = """mutation ($id: ID!) { %s(input: {userId: $id}) {
  user { followerCount followingCount viewerIsFollowing isFollowingViewer }
  viewer { user { followerCount followingCount } }
  userErrors { code field message }
} }"""
COUNTS = "query ($id: ID!) { node(id: $id) { ... on User { followerCount followingCount } } }"


async def counts(world: World, who: Person) -> tuple[int, int]:
    """Followers and followees."""
    found = (await world.ask(None, COUNTS, id=who.id))["node"]
    return found["followerCount"], found["followingCount"]


async def assert_counts_are_rows(world: World) -> None:
    """Everybody's counts are what can be counted."""
    async with world.app.deps.database.read() as connection:
        for mine, count in ((follows.c.followee_id, "follower_count"), (follows.c.follower_id, "following_count")):
            rows = select(func.count()).where(mine == users.c.id).scalar_subquery()
            wrong = await connection.scalars(select(users.c.username).where(users.c[count] != rows))
            assert list(wrong) == []


async def test_both_sides_are_shown_as_they_are_after_the_follow(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    followed = await world.do(ana, BOTH % "followUser", id=ben.id)
    assert followed["user"] == {
        "followerCount": 1,
        "followingCount": 0,
        "viewerIsFollowing": True,
        "isFollowingViewer": False,
    }
    assert followed["viewer"] == {"user": {"followerCount": 0, "followingCount": 1}}
    back = await world.do(ben, BOTH % "followUser", id=ana.id)
    assert back["user"]["isFollowingViewer"]
    unfollowed = await world.do(ana, BOTH % "unfollowUser", id=ben.id)
    assert unfollowed["user"] == {
        "followerCount": 0,
        "followingCount": 1,
        "viewerIsFollowing": False,
        "isFollowingViewer": True,
    }


async def test_following_twice_is_following_once(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ana, ben)
    async with world.unchanged():
        await world.follow(ana, ben)
    assert (await counts(world, ana), await counts(world, ben)) == ((0, 1), (1, 0))


async def test_unfollowing_twice_is_unfollowing_once(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ana, ben)
    await world.unfollow(ana, ben)
    async with world.unchanged():
        await world.unfollow(ana, ben)
    assert (await counts(world, ana), await counts(world, ben)) == ((0, 0), (0, 0))


async def test_unfollowing_whom_one_does_not_follow_changes_nothing(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ben, ana)
    async with world.unchanged():
        await world.unfollow(ana, ben)


async def test_nobody_follows_oneself(world: World) -> None:
    ana = await world.person()
    async with world.unchanged():
        assert await world.faults(ana, FOLLOW, id=ana.id) == [("NOT_ALLOWED", ["userId"])]
        assert await world.faults(ana, UNFOLLOW, id=ana.id) == []


async def test_the_same_follow_fifty_times_at_once_is_one(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await asyncio.gather(*(world.follow(ana, ben) for _ in range(50)))
    assert (await counts(world, ana), await counts(world, ben)) == ((0, 1), (1, 0))
    await asyncio.gather(*(world.unfollow(ana, ben) for _ in range(50)))
    assert (await counts(world, ana), await counts(world, ben)) == ((0, 0), (0, 0))


async def test_a_process_with_a_single_connection_begins_with_a_follow(world: World, settings: Settings) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    async with another_process(settings, database_pool_size=1) as process:
        await process.follow(ben, ana)
    assert await counts(world, ana) == (1, 0)


async def test_two_who_follow_each_other_at_once_do_not_wait_for_each_other_forever(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    both = [(ana, ben), (ben, ana)]
    await asyncio.gather(*(act(*pair) for act in (world.follow, world.unfollow) * 12 for pair in both))
    await asyncio.gather(*(world.follow(*pair) for pair in both * 5))
    assert (await counts(world, ana), await counts(world, ben)) == ((1, 1), (1, 1))
    await assert_counts_are_rows(world)


async def test_counts_are_exact_whatever_twelve_people_do_at_once(world: World) -> None:
    people = [await world.person() for _ in range(12)]
    chosen = random.Random(7)
    pairs = [chosen.sample(people, 2) for _ in range(100)]
    acts = [chosen.choice((world.follow, world.unfollow)) for _ in pairs]
    waiting = iter(zip(acts, pairs, strict=True))

    async def go_on() -> None:
        for act, pair in waiting:
            await act(*pair)

    await asyncio.gather(*(go_on() for _ in range(20)))
    await assert_counts_are_rows(world)
    everybody = list(chain.from_iterable([await counts(world, who) for who in people]))
    assert min(everybody) >= 0
    assert sum(everybody) == 2 * await world.count(follows) > 0
