"""Requests to follow private accounts: made, taken back, accepted, declined; and what either is told of them."""

import asyncio

from stores.postgres.tables import activities, follow_requests, follows
from tests.inboxes import Told, people, told
from tests.relating import ACCEPT, ASK, DECLINE, PAYLOAD, TAKE_BACK, accept, listed, seen, set_private, state
from tests.world import Person, World


async def private(world: World, *names: str) -> list[Person]:
    """People, the first of whom has a private account."""
    found = await people(world, *names)
    await set_private(world, found[0])
    return found


async def test_who_asks_sees_that_he_has_and_nothing_else(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    post = await world.post(ana)
    asked = await world.do(ben, ASK, id=ana.id)
    assert asked["user"]["viewerFollowState"] == "REQUESTED"
    profile = await seen(world, ben, ana)
    assert (profile["viewerIsFollowing"], profile["followerCount"], profile["posts"]) == (False, 0, None)
    assert await world.ask(ben, "query ($id: ID!) { post(id: $id) { id } }", id=post) == {"post": None}


async def test_requests_are_listed_for_the_account_alone_latest_first(world: World) -> None:
    ana, ben, eva = await private(world, "ana", "ben", "eva")
    for one in (ben, eva):
        await world.follow(one, ana)
    assert await listed(world, ana, "followRequests") == [eva.id, ben.id]
    assert await listed(world, ben, "followRequests") == []


async def test_who_is_accepted_follows(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    await world.follow(ben, ana)
    accepted = f"mutation ($id: ID!) {{ acceptFollowRequest(input: {{userId: $id}}) {PAYLOAD} }}"
    assert (await world.do(ana, accepted, id=ben.id))["user"]["id"] == ben.id
    assert await state(world, ben, ana) == "FOLLOWING"
    assert (await seen(world, ben, ana))["followerCount"] == 1
    assert await listed(world, ana, "followRequests") == []


async def test_accepting_twice_is_accepting_once(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    await world.follow(ben, ana)
    await asyncio.gather(*(accept(world, ana, ben) for _ in range(10)))
    assert (await seen(world, ana, ana))["followerCount"] == 1
    assert await told(world, ben) == [Told("FOLLOW_ACCEPTED", ["ana"], 1)]


async def test_asking_twice_is_asking_once(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    await asyncio.gather(*(world.follow(ben, ana) for _ in range(10)))
    assert await world.count(follow_requests) == 1
    assert await told(world, ana) == [Told("FOLLOW_REQUEST", ["ben"], 1)]


async def test_asking_as_a_follower_changes_nothing(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await world.follow(ben, ana)
    await set_private(world, ana)
    await world.run_jobs()
    async with world.unchanged():
        await world.follow(ben, ana)


async def test_who_is_declined_is_not_told_and_may_ask_again(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    await world.follow(ben, ana)
    await world.do(ana, DECLINE, id=ben.id)
    assert await state(world, ben, ana) == "NONE"
    assert await told(world, ben) == []
    await world.follow(ben, ana)
    assert await listed(world, ana, "followRequests") == [ben.id]


async def test_a_request_is_taken_back(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    await world.follow(ben, ana)
    assert (await world.do(ben, TAKE_BACK, id=ana.id))["user"]["viewerFollowState"] == "NONE"
    assert await listed(world, ana, "followRequests") == []
    assert await told(world, ana) == []


async def test_there_is_no_answer_to_a_request_that_nobody_made(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    for answer in (ACCEPT, DECLINE):
        async with world.unchanged():
            assert await world.faults(ana, answer, id=ben.id) == [("NOT_FOUND", ["userId"])]
            assert await world.faults(ana, answer, id=ana.id) == [("NOT_FOUND", ["userId"])]
        assert await world.error(None, answer, id=ben.id) == "UNAUTHENTICATED"


async def test_nobody_accepts_his_own_request(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    await world.follow(ben, ana)
    assert await world.faults(ben, ACCEPT, id=ana.id) == [("NOT_FOUND", ["userId"])]
    assert await state(world, ben, ana) == "REQUESTED"


async def test_of_a_request_is_told_until_it_is_answered(world: World) -> None:
    ana, ben, eva = await private(world, "ana", "ben", "eva")
    for one in (ben, eva):
        await world.follow(one, ana)
    assert await told(world, ana) == [Told("FOLLOW_REQUEST", ["eva", "ben"], 2)]
    await world.do(ana, DECLINE, id=eva.id)
    assert await told(world, ana) == [Told("FOLLOW_REQUEST", ["ben"], 1)]
    await accept(world, ana, ben)
    assert await told(world, ana) == [Told("FOLLOW", ["ben"], 1)]


async def test_of_an_acceptance_is_told_while_the_follow_lasts(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    await world.follow(ben, ana)
    await accept(world, ana, ben)
    assert await told(world, ben) == [Told("FOLLOW_ACCEPTED", ["ana"], 1)]
    await world.unfollow(ben, ana)
    assert await told(world, ben) == []
    assert await told(world, ana) == []


async def test_a_request_made_again_and_again_grows_no_notification(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    for _ in range(3):
        await world.follow(ben, ana)
        await world.run_jobs()
        await world.unfollow(ben, ana)
        await world.run_jobs()
    await world.follow(ben, ana)
    assert await told(world, ana) == [Told("FOLLOW_REQUEST", ["ben"], 1)]
    assert await world.count(activities) == 1


async def test_accepted_and_taken_back_at_once_it_is_one_or_the_other(world: World) -> None:
    ana, ben = await private(world, "ana", "ben")
    for _ in range(10):
        await world.follow(ben, ana)
        await asyncio.gather(world.payload(ana, ACCEPT, id=ben.id), world.unfollow(ben, ana))
        assert await state(world, ben, ana) == "NONE" or await world.count(follows) == 1
        assert await world.count(follow_requests) == 0
        assert (await seen(world, ana, ana))["followerCount"] == await world.count(follows)
        await world.unfollow(ben, ana)
