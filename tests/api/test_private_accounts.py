"""Private accounts: what their followers see, nobody else does, and it is as if it were not there."""

import asyncio

import pytest

from settings import Settings
from stores.postgres.tables import follow_requests
from tests.api.test_reactions import COMMENTS, SAVE
from tests.inboxes import ADD_COMMENT, LIKE, LIKE_COMMENT, Told, comment, like, people, told
from tests.processes import another_process
from tests.relating import ASK, SET_PRIVATE, accept, listed, seen, set_private, state
from tests.world import World

POST = "query ($id: ID!) { post(id: $id) { id author { username } comments { edges { node { id } } } } }"
NODE = "query ($id: ID!) { node(id: $id) { id } }"
BIO = 'mutation { updateProfile(input: {bio: "Behind the fence"}) { userErrors { code } } }'
HASHTAG = '{ hashtag(name: "fence") { postCount posts { edges { node { id } } } } }'


async def test_strangers_and_the_signed_out_see_a_card(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await world.do(ana, BIO)
    await world.post(ana)
    await set_private(world, ana)
    for viewer in (ben, None):
        card = await seen(world, viewer, ana)
        assert card["username"] == "ana"
        assert card["isPrivate"]
        assert card["postCount"] == 1
        assert [card[name] for name in ("bio", "posts", "followers", "following")] == [None] * 4


async def test_the_owner_and_followers_see_all_of_it(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await world.do(ana, BIO)
    post = await world.post(ana)
    await world.follow(ben, ana)
    await set_private(world, ana)
    for viewer in (ana, ben):
        profile = await seen(world, viewer, ana)
        assert profile["bio"] == "Behind the fence"
        assert [edge["node"]["id"] for edge in profile["posts"]["edges"]] == [post]
        assert [edge["node"]["id"] for edge in profile["followers"]["edges"]] == [ben.id]
        assert (await world.ask(viewer, POST, id=post))["post"]["author"]["username"] == "ana"


async def test_nothing_of_it_is_found_by_its_id(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    picture = await world.picture(ana)
    post = await world.post(ana, "#fence", mediaIds=[picture])
    await world.follow(ben, ana)
    said = await comment(world, ben, post, "Nice")
    await set_private(world, ana)
    for viewer in (eva, None):
        for thing in (post, picture, said):
            assert await world.ask(viewer, NODE, id=thing) == {"node": None}
        assert await world.ask(viewer, POST, id=post) == {"post": None}
        assert (await world.ask(viewer, HASHTAG))["hashtag"] == {"postCount": 1, "posts": {"edges": []}}
    for thing in (post, picture, said):
        assert (await world.ask(ben, NODE, id=thing))["node"]["id"] == thing


@pytest.mark.parametrize("mutation", [LIKE, SAVE, ADD_COMMENT])
async def test_what_a_stranger_does_to_its_posts_is_answered_as_if_they_were_not_there(
    world: World, mutation: str
) -> None:
    ana, eva = await people(world, "ana", "eva")
    post, gone = await world.post(ana), await world.post(ana)
    await world.delete(ana, gone)
    await set_private(world, ana)
    asked = [{"id": one, "input": {"postId": one, "text": "Hello"}} for one in (post, gone)]
    hidden, missing = [(await world.reply(eva, mutation, **given)).json() for given in asked]
    assert hidden == missing
    assert "NOT_FOUND" in str(hidden)


async def test_a_strangers_comment_stays_on_a_post_that_he_no_longer_sees_and_he_can_delete_it(world: World) -> None:
    ana, eva = await people(world, "ana", "eva")
    post = await world.post(ana)
    said = await comment(world, eva, post, "Nice")
    await set_private(world, ana)
    assert await world.ask(eva, NODE, id=said) == {"node": None}
    assert await world.faults(eva, LIKE_COMMENT, id=said) == [("NOT_FOUND", ["commentId"])]
    delete = "mutation ($id: ID!) { deleteComment(input: {commentId: $id}) { post { id } userErrors { code } } }"
    assert await world.do(eva, delete, id=said) == {"post": None, "userErrors": []}
    assert (await world.ask(ana, COMMENTS, id=post))["post"]["commentCount"] == 0


async def test_posts_saved_before_are_left_out_and_come_back_with_the_follow(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    post = await world.post(ana)
    await world.do(ben, SAVE, id=post)
    await set_private(world, ana)
    assert await listed(world, ben, "savedPosts") == []
    await world.follow(ben, ana)
    await accept(world, ana, ben)
    assert await listed(world, ben, "savedPosts") == [post]


async def test_a_post_is_in_followers_feeds_only_while_they_follow(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ben, ana)
    await set_private(world, ana)
    await world.do(eva, ASK, id=ana.id)
    post = await world.post(ana)
    await world.run_jobs()
    assert await world.feed(ben) == [post]
    assert await world.feed(eva) == []
    await accept(world, ana, eva)
    assert await world.feed(eva) == [post]
    await world.unfollow(eva, ana)
    assert await world.feed(eva) == []
    assert await world.ask(eva, POST, id=post) == {"post": None}


async def test_a_mention_in_a_hidden_post_is_told_to_whom_it_is_not_hidden_from(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ben, ana)
    await set_private(world, ana)
    post = await world.post(ana, "@ben @eva")
    assert [one for one in await told(world, ben) if one.kind == "MENTION"] == [Told("MENTION", ["ana"], 1, post)]
    assert await told(world, eva) == []


async def test_it_cannot_be_null_whether_an_account_is_private(world: World) -> None:
    ana = await world.person("ana")
    assert await world.faults(ana, SET_PRIVATE, isPrivate=None) == [("INVALID", ["isPrivate"])]


async def test_setting_what_is_so_already_announces_nothing(world: World) -> None:
    ana = await world.person("ana")
    await set_private(world, ana)
    await world.run_jobs()
    async with world.unchanged():
        await set_private(world, ana)


async def test_going_public_accepts_the_open_requests(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await set_private(world, ana)
    for one in (ben, eva):
        await world.follow(one, ana)
    await set_private(world, ana, False)
    assert [await state(world, one, ana) for one in (ben, eva)] == ["REQUESTED"] * 2
    assert await told(world, ben) == [Told("FOLLOW_ACCEPTED", ["ana"], 1)]
    assert [await state(world, one, ana) for one in (ben, eva)] == ["FOLLOWING"] * 2
    assert await world.count(follow_requests) == 0
    assert (await seen(world, None, ana))["followerCount"] == 2


async def test_requests_are_accepted_in_chunks(world: World, settings: Settings) -> None:
    ana, others = await world.person("ana"), [await world.person() for _ in range(5)]
    await set_private(world, ana)
    for one in others:
        await world.follow(one, ana)
    await set_private(world, ana, False)
    async with another_process(settings, requests_chunk=2) as process:
        await process.run_jobs()
    assert await world.count(follow_requests) == 0
    assert (await seen(world, None, ana))["followerCount"] == 5


async def test_an_account_that_turns_private_again_keeps_the_requests_that_are_left(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await set_private(world, ana)
    await world.follow(ben, ana)
    await set_private(world, ana, False)
    await set_private(world, ana)
    await world.run_jobs()
    assert await listed(world, ana, "followRequests") == [ben.id]


async def test_who_asked_and_follows_once_it_is_public_asks_no_longer(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await set_private(world, ana)
    await world.follow(ben, ana)
    await set_private(world, ana, False)
    await world.follow(ben, ana)
    assert await state(world, ben, ana) == "FOLLOWING"
    assert await listed(world, ana, "followRequests") == []


async def test_accepting_while_it_goes_public_is_one_follow(world: World) -> None:
    ana, others = await world.person("ana"), [await world.person() for _ in range(10)]
    await set_private(world, ana)
    for one in others:
        await world.follow(one, ana)
    going_public = asyncio.gather(set_private(world, ana, False), world.run_jobs())
    await asyncio.gather(going_public, *(accept(world, ana, one) for one in others))
    await world.run_jobs()
    assert (await seen(world, None, ana))["followerCount"] == 10
    assert await world.count(follow_requests) == 0


async def test_who_follows_while_it_goes_private_follows_or_asks(world: World) -> None:
    ana, others = await world.person("ana"), [await world.person() for _ in range(20)]
    follows = [world.follow(one, ana) for one in others]
    await asyncio.gather(*follows[:10], set_private(world, ana), *follows[10:])
    following = [await state(world, one, ana) for one in others].count("FOLLOWING")
    asking = len(await listed(world, ana, "followRequests"))
    assert following + asking == 20
    assert (await seen(world, None, ana))["followerCount"] == following


async def test_likers_of_a_post_are_listed_though_they_are_private(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    await like(world, ben, post)
    await set_private(world, ben)
    likers = (
        "query ($id: ID!) { post(id: $id) { likers { edges { node { username bio posts { edges { cursor } } } } } } }"
    )
    [edge] = (await world.ask(eva, likers, id=post))["post"]["likers"]["edges"]
    assert edge["node"] == {"username": "ben", "bio": None, "posts": None}
