"""Subscriptions to what becomes of a post."""

from settings import Settings
from tests.api.subscribing import POST_UPDATED, subscribed
from tests.api.test_live_comments import comment
from tests.processes import another_process
from tests.world import World

LIKE = """mutation ($id: ID!) { likePost(input: {postId: $id}) { userErrors { code } } }"""
SAVE = """mutation ($id: ID!) { savePost(input: {postId: $id}) { userErrors { code } } }"""
EDIT = """mutation ($id: ID!, $caption: String) {
  updatePost(input: {postId: $id, caption: $caption}) { userErrors { code } }
}"""
STATUS = "subscription ($post: ID!) { postUpdated(postId: $post) { status } }"


async def test_a_post_is_told_as_it_is_whenever_it_has_changed(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post = await world.post(ana, "before")
    shown = {"caption": "before", "likeCount": 0, "commentCount": 0, "viewerHasLiked": False}
    async with subscribed(world, ben, POST_UPDATED, post=post) as events:
        await world.do(ben, LIKE, id=post)
        assert await events.event() == (shown := shown | {"likeCount": 1, "viewerHasLiked": True})
        await comment(world, ana, post)
        assert await events.event() == (shown := shown | {"commentCount": 1})
        await world.do(ana, EDIT, id=post, caption="after")
        assert await events.event() == shown | {"caption": "after"}


async def test_what_changes_nothing_tells_nothing_and_many_changes_may_be_told_as_one(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    post = await world.post(ana)
    async with subscribed(world, None, POST_UPDATED, post=post) as events:
        await world.do(ben, SAVE, id=post)
        for who in (ana, ben, eva, eva):
            await world.do(who, LIKE, id=post)
        counts = [(await events.event())["likeCount"]]
        while counts[-1] < 3:
            counts.append((await events.event())["likeCount"])
    assert counts == sorted(set(counts))


async def test_its_author_is_told_when_it_is_published(world: World) -> None:
    ana = await world.person("ana")
    picture = await world.picture(ana, status="PROCESSING")
    post = await world.post(ana, mediaIds=[picture])
    async with subscribed(world, ana, STATUS, post=post) as events:
        await world.finish(picture)
        assert await events.event() == {"status": "PUBLISHED"}


async def test_the_subscription_ends_when_the_post_is_deleted(world: World) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    async with subscribed(world, None, POST_UPDATED, post=post) as events:
        await world.delete(ana, post)
        await events.ended()
    async with subscribed(world, None, POST_UPDATED, post=post) as events:
        assert await events.error() == "BAD_REQUEST"
    assert not world.app.deps.live.posts.followed


async def test_changes_made_by_one_process_are_told_by_another(world: World, settings: Settings) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    async with another_process(settings) as process, subscribed(process, None, POST_UPDATED, post=post) as events:
        await world.do(ana, LIKE, id=post)
        assert (await events.event())["likeCount"] == 1
