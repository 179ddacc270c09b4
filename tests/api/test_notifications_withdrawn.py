"""What people are told no longer: what was undone, what is gone, whom an edit does not mention any more."""

from stores.postgres.tables import activities, notifications
from tests.inboxes import (
    DELETE_COMMENT,
    LIKE_COMMENT,
    UNLIKE_COMMENT,
    UPDATE_CAPTION,
    Told,
    comment,
    like,
    nodes,
    people,
    told,
    unlike,
)
from tests.world import World

# ---------------------------------------------------------------------------------------- what is undone


async def test_what_is_undone_takes_its_entry_with_it(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    bens = await comment(world, ben, post)
    await like(world, ben, post)
    await world.follow(ben, ana)
    await world.do(eva, LIKE_COMMENT, id=bens)
    assert [one.kind for one in await told(world, ana)] == ["FOLLOW", "POST_LIKED", "POST_COMMENTED"]
    await unlike(world, ben, post)
    await world.unfollow(ben, ana)
    await world.do(eva, UNLIKE_COMMENT, id=bens)
    assert [one.kind for one in await told(world, ana)] == ["POST_COMMENTED"]
    assert await told(world, ben) == []


async def test_of_several_only_the_one_who_takes_it_back_goes(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    await like(world, ben, post)
    await world.run_jobs()
    [before] = await nodes(world, ana)
    await like(world, eva, post)
    await world.run_jobs()
    await unlike(world, eva, post)
    assert await told(world, ana) == [Told("POST_LIKED", ["ben"], 1, post)]
    assert await nodes(world, ana) == [before]


async def test_done_again_it_stands_where_it_stood_and_is_as_read_as_it_was(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    one, two = await world.post(ana), await world.post(ana)
    for post in (one, two):
        await like(world, ben, post)
        await world.run_jobs()
    before = await nodes(world, ana)
    for _ in range(3):
        await unlike(world, ben, one)
        assert await told(world, ana) == [Told("POST_LIKED", ["ben"], 1, two)]
        await like(world, ben, one)
        await world.run_jobs()
    assert await nodes(world, ana) == before
    assert await world.count(activities) == 2


# ------------------------------------------------------------------------------------------ what is gone


async def test_a_deleted_post_takes_all_its_entries_at_once(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana, "@eva")
    bens = await comment(world, ben, post, "@eva!")
    await world.do(eva, LIKE_COMMENT, id=bens)
    await like(world, ben, post)
    await world.run_jobs()
    assert [len(await nodes(world, who)) for who in (ana, ben, eva)] == [2, 1, 2]
    await world.delete(ana, post)
    assert [await nodes(world, who) for who in (ana, ben, eva)] == [[], [], []]
    await world.run_jobs()
    assert [await world.count(table) for table in (activities, notifications)] == [0, 0]


async def test_a_deleted_comment_takes_its_entries_and_leaves_those_of_others(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    await comment(world, ben, post, "Mine")
    evas = await comment(world, eva, post, "@ben hers")
    await world.do(ana, LIKE_COMMENT, id=evas)
    assert await told(world, ana) == [Told("POST_COMMENTED", ["eva", "ben"], 2, post, "@ben hers")]
    await world.do(eva, DELETE_COMMENT, id=evas)
    assert await told(world, ana) == [Told("POST_COMMENTED", ["ben"], 1, post, "Mine")]
    assert await told(world, ben) == await told(world, eva) == []
    assert [await world.count(table) for table in (activities, notifications)] == [1, 1]


async def test_a_page_is_refilled_where_things_are_gone(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    posts = [await world.post(ana) for _ in range(12)]
    for post in posts:
        await like(world, ben, post)
        await world.run_jobs()
    for post in posts[2:]:
        await world.delete(ana, post)
    assert [node["post"]["id"] for node in await nodes(world, ana, first=2)] == [posts[1], posts[0]]


# --------------------------------------------------------------------------------------- edited captions


async def test_an_edit_tells_whom_it_mentions_anew_and_withdraws_whom_it_does_not(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana, "@ben")
    assert await told(world, ben) == [Told("MENTION", ["ana"], 1, post)]
    await world.do(ana, UPDATE_CAPTION, id=post, caption="@eva")
    assert (await told(world, ben), await told(world, eva)) == ([], [Told("MENTION", ["ana"], 1, post)])
    await world.do(ana, UPDATE_CAPTION, id=post, caption="@ben @eva")
    before = await nodes(world, eva)
    assert await told(world, ben) == [Told("MENTION", ["ana"], 1, post)]
    assert await nodes(world, eva) == before


async def test_an_edit_that_mentions_the_same_announces_nothing_for_them(world: World) -> None:
    ana, _ = await people(world, "ana", "ben")
    post = await world.post(ana, "@ben")
    await world.run_jobs()
    await world.do(ana, UPDATE_CAPTION, id=post, caption="Hello @ben")
    assert await world.announced() == []


async def test_what_changes_nothing_announces_nothing(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    post = await world.post(ana)
    for act in (unlike, like):
        await act(world, ben, post)
    await world.run_jobs()
    await like(world, ben, post)
    assert await world.announced() == []
