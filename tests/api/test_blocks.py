"""Blocks: two people vanish for each other, at once and both ways, as if there had never been the other."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from rules.node_ids import encode
from stores.postgres.tables import blocks, follow_requests, follows
from tests.api.test_reactions import SAVE
from tests.inboxes import ADD_COMMENT, DELETE_COMMENT, LIKE, Told, comment, like, people, told
from tests.relating import (
    ACCEPT,
    ASK,
    BLOCK,
    DECLINE,
    MUTE,
    TAKE_BACK,
    UNBLOCK,
    UNMUTE,
    block,
    listed,
    mute,
    seen,
    set_private,
)
from tests.world import FEED, Person, World

NEVER = encode("User", 4_711)
NODE = "query ($id: ID!) { node(id: $id) { id } }"
BY_NAME = "query ($name: String!) { user(username: $name) { id } }"
POST = """query ($id: ID!) { post(id: $id) {
  commentCount likeCount mentions { username }
  comments { edges { node { text } } } likers { edges { node { username } } }
} }"""
BLOCKED = """{ viewer { blockedUsers { edges { node {
  username bio viewerHasBlocked viewerHasMuted viewerFollowState
  posts { edges { cursor } } followers { edges { cursor } }
} } } } }"""


async def both_ways(world: World, *names: str) -> list[tuple[Person, Person]]:
    """Two people, the first of whom has blocked the second, from either's side: a viewer, and whom he does not see."""
    blocker, blocked = await people(world, *names)
    await block(world, blocker, blocked)
    return [(blocker, blocked), (blocked, blocker)]


async def test_neither_is_found_by_the_other(world: World) -> None:
    for viewer, other in await both_ways(world, "ana", "ben"):
        picture = await world.picture(other)
        post = await world.post(other, mediaIds=[picture])
        for thing in (other.id, post, picture):
            assert await world.ask(viewer, NODE, id=thing) == {"node": None}
            assert (await world.ask(None, NODE, id=thing))["node"]["id"] == thing
        assert await world.ask(viewer, BY_NAME, name=other.username) == {"user": None}


@pytest.mark.parametrize("mutation", [ASK, TAKE_BACK, ACCEPT, DECLINE, MUTE, UNMUTE])
async def test_whatever_either_does_to_the_other_is_answered_as_if_there_was_none(world: World, mutation: str) -> None:
    for viewer, other in await both_ways(world, "ana", "ben"):
        await assert_as_of_nobody(world, viewer, mutation, other)


async def test_who_is_blocked_can_neither_block_nor_unblock_the_other(world: World) -> None:
    _, (ben, ana) = await both_ways(world, "ana", "ben")
    for mutation in (BLOCK, UNBLOCK):
        await assert_as_of_nobody(world, ben, mutation, ana)


@pytest.mark.parametrize("mutation", [LIKE, SAVE, ADD_COMMENT])
async def test_whatever_either_does_to_a_post_of_the_other_is_answered_as_if_it_was_gone(
    world: World, mutation: str
) -> None:
    for viewer, other in await both_ways(world, "ana", "ben"):
        post, gone = await world.post(other), await world.post(other)
        await world.delete(other, gone)
        asked = [{"id": one, "input": {"postId": one, "text": "Hello"}} for one in (post, gone)]
        hidden, missing = [(await world.reply(viewer, mutation, **given)).json() for given in asked]
        assert hidden == missing
        assert "NOT_FOUND" in str(hidden)


async def test_what_either_did_on_a_third_persons_post_is_left_out_but_counted(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(eva, "@ana @ben")
    for one in (ana, ben):
        await comment(world, one, post, f"By {one.username}")
        await like(world, one, post)
    await block(world, ana, ben)
    for viewer, names in ((ana, ["ana"]), (ben, ["ben"]), (eva, ["ana", "ben"])):
        shown = (await world.ask(viewer, POST, id=post))["post"]
        assert (shown["commentCount"], shown["likeCount"]) == (2, 2)
        assert sorted(edge["node"]["text"] for edge in shown["comments"]["edges"]) == [f"By {name}" for name in names]
        assert sorted(edge["node"]["username"] for edge in shown["likers"]["edges"]) == names
        assert [one["username"] for one in shown["mentions"]] == names


async def test_a_page_is_filled_up_with_those_whom_one_may_see(world: World) -> None:
    ana, eva = await people(world, "ana", "eva")
    others = [await world.person() for _ in range(6)]
    for one in others:
        await world.follow(one, eva)
    for one in others[1:4]:
        await block(world, ana, one)
    asked = """query ($id: ID!) { node(id: $id) { ... on User {
      followers(first: 2) { edges { node { id } } pageInfo { hasNextPage } }
    } } }"""
    page = (await world.ask(ana, asked, id=eva.id))["node"]["followers"]
    assert [edge["node"]["id"] for edge in page["edges"]] == [others[5].id, others[4].id]
    assert page["pageInfo"] == {"hasNextPage": True}


async def test_it_ends_follows_and_requests_both_ways(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ana, ben)
    await world.follow(ben, ana)
    await set_private(world, ana)
    await world.follow(eva, ana)
    for one in (ben, eva):
        await block(world, ana, one)
    assert await world.count(follows) == 0
    assert await world.count(follow_requests) == 0
    for one in (ana, ben, eva):
        profile = await seen(world, one, one)
        assert (profile["followerCount"], profile["followingCount"]) == (0, 0)


async def test_feeds_are_without_the_other_at_once_and_stay_so(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await world.follow(ana, ben)
    await world.follow(ben, ana)
    posts = {ana.id: await world.post(ana), ben.id: await world.post(ben)}
    await world.run_jobs()
    assert set(await world.feed(ana)) == set(posts.values())
    await block(world, ana, ben)
    for _ in range(2):
        for one in (ana, ben):
            assert await world.feed(one) == [posts[one.id]]
        await world.run_jobs()
        await world.app.deps.upkeep.done()


async def test_blocking_twice_is_blocking_once_and_unblocking_brings_nothing_back(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await world.follow(ana, ben)
    for _ in range(2):
        assert (await world.do(ana, BLOCK, id=ben.id))["user"]["viewerHasBlocked"]
    assert await world.count(blocks) == 1
    for _ in range(2):
        assert not (await world.do(ana, UNBLOCK, id=ben.id))["user"]["viewerHasBlocked"]
    assert (await seen(world, ana, ben))["viewerFollowState"] == "NONE"
    await world.follow(ben, ana)
    assert (await seen(world, ana, ben))["isFollowingViewer"]


async def test_who_is_blocked_stands_in_the_blockers_list_by_his_card_and_nowhere_else(world: World) -> None:
    (ana, _), (ben, _) = await both_ways(world, "ana", "ben")
    [edge] = (await world.ask(ana, BLOCKED))["viewer"]["blockedUsers"]["edges"]
    assert edge["node"] == {
        "username": "ben",
        "bio": None,
        "viewerHasBlocked": True,
        "viewerHasMuted": False,
        "viewerFollowState": "NONE",
        "posts": None,
        "followers": None,
    }
    assert await listed(world, ben, "blockedUsers") == []


async def test_a_blocked_account_that_was_muted_is_in_one_list_only_until_it_is_unblocked(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await mute(world, ana, ben)
    await block(world, ana, ben)
    assert await listed(world, ana, "mutedUsers") == []
    await world.do(ana, UNBLOCK, id=ben.id)
    assert await listed(world, ana, "mutedUsers") == [ben.id]


async def test_nobody_blocks_himself_or_nobody(world: World) -> None:
    ana = await world.person("ana")
    async with world.unchanged():
        assert await world.faults(ana, BLOCK, id=ana.id) == [("NOT_ALLOWED", ["userId"])]
        for mutation in (BLOCK, UNBLOCK):
            assert await world.faults(ana, mutation, id="nonsense") == [("NOT_FOUND", ["userId"])]
            assert await world.error(None, mutation, id=ana.id) == "UNAUTHENTICATED"


# ---------------------------------------------------------------------------------------------- comments


async def test_a_comment_on_a_post_whose_author_vanished_can_be_deleted_by_who_wrote_it(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    said = await comment(world, ben, await world.post(ana), "Nice")
    await block(world, ana, ben)
    await world.do(ben, DELETE_COMMENT, id=said)


async def test_a_comment_of_somebody_who_vanished_is_not_there_for_the_posts_author_either(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    post = await world.post(ana)
    said = await comment(world, ben, post, "Nice")
    await block(world, ben, ana)
    assert await world.ask(ana, NODE, id=said) == {"node": None}
    assert await world.faults(ana, DELETE_COMMENT, id=said) == [("NOT_FOUND", ["commentId"])]


# ----------------------------------------------------------------------------------------- notifications


async def test_neither_is_told_of_the_other_from_the_next_read_on(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    for one in (ben, eva):
        await like(world, one, post)
    await world.follow(ben, ana)
    assert len(await told(world, ana)) == 2
    await block(world, ana, ben)
    inbox = "{ viewer { notifications { edges { node { kind actors { username } } } } unreadNotificationCount } }"
    viewer = (await world.ask(ana, inbox))["viewer"]
    assert viewer["notifications"]["edges"] == [{"node": {"kind": "POST_LIKED", "actors": [{"username": "eva"}]}}]
    assert viewer["unreadNotificationCount"] == 1
    assert await told(world, ana) == [Told("POST_LIKED", ["eva"], 1, post)]


async def test_what_was_told_does_not_come_back_when_the_block_is_taken_back(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    post = await world.post(ana)
    await like(world, ben, post)
    assert len(await told(world, ana)) == 1
    await block(world, ana, ben)
    await world.do(ana, UNBLOCK, id=ben.id)
    assert await told(world, ana) == []


async def test_what_happens_between_an_unblock_and_the_end_of_the_blocks_job_is_told(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    post = await world.post(ana)
    await block(world, ana, ben)
    await world.do(ana, UNBLOCK, id=ben.id)
    await world.follow(ben, ana)
    await like(world, ben, post)
    assert {one.kind for one in await told(world, ana)} == {"FOLLOW", "POST_LIKED"}


async def test_what_was_under_way_when_they_parted_is_not_told(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await like(world, ben, await world.post(ana))
    await world.post(ben, "@ana")
    await block(world, ben, ana)
    assert await told(world, ana) == []


async def test_a_mention_of_somebody_who_vanished_tells_nobody_and_names_nobody(world: World) -> None:
    for viewer, other in await both_ways(world, "ana", "ben"):
        post = await world.post(viewer, f"With @{other.username}")
        assert (await world.ask(viewer, POST, id=post))["post"]["mentions"] == []
        assert await told(world, other) == []


# -------------------------------------------------------------------------------------------------- races


async def test_a_block_and_a_follow_at_once_leave_no_follow(world: World) -> None:
    for number in range(10):
        ana, ben = await people(world, f"ana{number}", f"ben{number}")
        following: list[Awaitable[Any]] = [world.payload(ben, ASK, id=ana.id), world.payload(ana, ASK, id=ben.id)]
        await asyncio.gather(following[0], block(world, ana, ben), following[1])
        assert await world.count(follows) == 0
        for one in (ana, ben):
            profile = await seen(world, one, one)
            assert (profile["followerCount"], profile["followingCount"]) == (0, 0)


async def test_a_block_and_an_acceptance_at_once_leave_neither_follow_nor_request(world: World) -> None:
    for number in range(10):
        ana, ben = await people(world, f"ana{number}", f"ben{number}")
        await set_private(world, ana)
        await world.follow(ben, ana)
        await asyncio.gather(world.payload(ana, ACCEPT, id=ben.id), block(world, ben, ana))
        assert await world.count(follows) == await world.count(follow_requests) == 0


async def test_of_two_who_block_each_other_at_once_one_has_blocked_the_other(world: World) -> None:
    for number in range(10):
        ana, ben = await people(world, f"ana{number}", f"ben{number}")
        answers = await asyncio.gather(world.faults(ana, BLOCK, id=ben.id), world.faults(ben, BLOCK, id=ana.id))
        assert sorted(answers) == [[], [("NOT_FOUND", ["userId"])]]


async def test_feeds_read_while_people_part_are_whole(world: World) -> None:
    """No page fails because an author vanished between the page and its edges."""
    ana, others = await world.person("ana"), [await world.person() for _ in range(5)]
    for one in others:
        await world.follow(ana, one)
        await world.post(one)
    page = FEED.replace("node { id }", "node { id author { username } }")
    reads = [world.ask(ana, page) for _ in range(20)]
    await asyncio.gather(*reads[:10], *(block(world, one, ana) for one in others), *reads[10:])


async def assert_as_of_nobody(world: World, viewer: Person, mutation: str, other: Person) -> None:
    """The answer is the same as of an account that there never was, and nothing changes."""
    async with world.unchanged():
        hidden = (await world.reply(viewer, mutation, id=other.id)).json()
        missing = (await world.reply(viewer, mutation, id=NEVER)).json()
    assert hidden == missing
    assert "NOT_FOUND" in str(hidden)
