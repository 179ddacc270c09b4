"""Mutes: somebody is kept out of one's feed and notifications, and cannot notice."""

from tests.inboxes import Told, comment, like, people, told
from tests.relating import MUTE, UNMUTE, listed, mute, seen
from tests.world import Person, World

UNSEEN = "{ viewer { unseenPostCount } }"


async def following(world: World) -> tuple[Person, Person]:
    """Ana, and ben whom she follows."""
    ana, ben = await people(world, "ana", "ben")
    await world.follow(ana, ben)
    return ana, ben


async def test_posts_go_from_the_feed_at_once_and_come_back_when_it_is_taken_back(world: World) -> None:
    ana, ben = await following(world)
    post = await world.post(ben)
    await world.run_jobs()
    assert await world.feed(ana) == [post]
    await mute(world, ana, ben)
    later = await world.post(ben)
    await world.run_jobs()
    assert await world.feed(ana) == []
    await world.do(ana, UNMUTE, id=ben.id)
    assert await world.feed(ana) == [later, post]


async def test_a_warm_feed_and_a_cold_one_are_without_it(world: World) -> None:
    ana, ben = await following(world)
    eva = await world.person("eva")
    await world.follow(ana, eva)
    hers = [await world.post(eva) for _ in range(3)]
    for _ in range(30):
        await world.post(ben)
    last = await world.post(eva)
    await world.feed(ana)
    await world.app.deps.upkeep.done()
    await mute(world, ana, ben)
    for _ in range(2):
        for first in (2, 100):
            page = await world.page(ana, first=first)
            assert [edge["node"]["id"] for edge in page["edges"]] == [last, *reversed(hers)][:first]
            assert page["pageInfo"]["hasNextPage"] is (first == 2)
        await world.app.deps.timelines.drop(ana.row_id)


async def test_muted_posts_are_not_counted_as_unseen(world: World) -> None:
    ana, ben = await following(world)
    await world.post(ben)
    assert await world.ask(ana, UNSEEN) == {"viewer": {"unseenPostCount": 1}}
    await mute(world, ana, ben)
    assert await world.ask(ana, UNSEEN) == {"viewer": {"unseenPostCount": 0}}


async def test_of_what_the_other_does_is_not_told(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    await mute(world, ana, ben)
    await like(world, ben, post)
    await comment(world, ben, post, "@ana")
    await world.follow(ben, ana)
    await like(world, eva, post)
    assert await told(world, ana) == [Told("POST_LIKED", ["eva"], 1, post)]


async def test_new_posts_are_not_told(world: World) -> None:
    ana, ben = await following(world)
    post = await world.post(ben)
    assert await told(world, ana) == [Told("NEW_POST", ["ben"], 1, post)]
    await mute(world, ana, ben)
    assert await told(world, ana) == []


async def test_what_was_told_before_is_hidden_while_it_lasts(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    await like(world, eva, post)
    await like(world, ben, post)
    assert await told(world, ana) == [Told("POST_LIKED", ["ben", "eva"], 2, post)]
    await mute(world, ana, ben)
    assert [one.actors for one in await told(world, ana)] == [["eva"]]
    await world.do(ana, UNMUTE, id=ben.id)
    assert await told(world, ana) == [Told("POST_LIKED", ["ben", "eva"], 2, post)]


async def test_everything_else_stays_and_the_other_sees_no_difference(world: World) -> None:
    ana, ben = await following(world)
    await world.follow(ben, ana)
    post = await world.post(ben)
    before = await seen(world, ben, ana)
    await mute(world, ana, ben)
    assert await seen(world, ben, ana) == before
    profile = await seen(world, ana, ben)
    assert profile["viewerHasMuted"]
    assert profile["viewerIsFollowing"]
    assert [edge["node"]["id"] for edge in profile["posts"]["edges"]] == [post]
    assert not (await seen(world, ben, ana))["viewerHasMuted"]


async def test_muting_twice_is_muting_once(world: World) -> None:
    ana, ben = await following(world)
    for _ in range(2):
        assert (await world.do(ana, MUTE, id=ben.id))["user"]["viewerHasMuted"]
    assert await listed(world, ana, "mutedUsers") == [ben.id]
    for _ in range(2):
        assert not (await world.do(ana, UNMUTE, id=ben.id))["user"]["viewerHasMuted"]
    assert await listed(world, ana, "mutedUsers") == []


async def test_nobody_mutes_himself_or_nobody(world: World) -> None:
    ana = await world.person("ana")
    async with world.unchanged():
        assert await world.faults(ana, MUTE, id=ana.id) == [("NOT_ALLOWED", ["userId"])]
        for mutation in (MUTE, UNMUTE):
            assert await world.faults(ana, mutation, id="nonsense") == [("NOT_FOUND", ["userId"])]
            assert await world.error(None, mutation, id=ana.id) == "UNAUTHENTICATED"
