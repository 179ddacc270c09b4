"""What people are told of: once each, and alike things together."""

from stores.postgres.tables import activities
from tests.inboxes import LIKE_COMMENT, Told, comment, like, people, told
from tests.world import World

# ---------------------------------------------------------------------------------------------- kinds


async def test_of_a_like(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    post = await world.post(ana)
    await like(world, ben, post)
    assert await told(world, ana) == [Told("POST_LIKED", ["ben"], 1, post)]
    assert await told(world, ben) == []


async def test_of_a_comment(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    post = await world.post(ana)
    await comment(world, ben, post, "Where is that?")
    assert await told(world, ana) == [Told("POST_COMMENTED", ["ben"], 1, post, "Where is that?")]


async def test_of_a_like_of_a_comment(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    await world.do(eva, LIKE_COMMENT, id=await comment(world, ben, post, "First"))
    assert await told(world, ben) == [Told("COMMENT_LIKED", ["eva"], 1, post, "First")]


async def test_of_a_follower(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    await world.follow(ben, ana)
    assert await told(world, ana) == [Told("FOLLOW", ["ben"], 1)]


async def test_of_a_mention_in_a_caption_once_it_is_published(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    picture = await world.picture(ana, status="PROCESSING")
    post = await world.post(ana, "With @ben", mediaIds=[picture])
    assert await told(world, ben) == []
    await world.finish(picture)
    assert await told(world, ben) == [Told("MENTION", ["ana"], 1, post)]


async def test_of_a_mention_in_a_comment(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    await comment(world, ben, post, "@eva look")
    assert await told(world, eva) == [Told("MENTION", ["ben"], 1, post, "@eva look")]


async def test_the_posts_author_is_told_once_of_a_comment_that_mentions_him(world: World) -> None:
    ana, ben = await people(world, "ana", "ben")
    post = await world.post(ana)
    await comment(world, ben, post, "@ana nice")
    assert await told(world, ana) == [Told("POST_COMMENTED", ["ben"], 1, post, "@ana nice")]


async def test_nobody_is_told_of_what_he_did_himself(world: World) -> None:
    [ana] = await people(world, "ana")
    post = await world.post(ana, "Me, @ana")
    await like(world, ana, post)
    await world.do(ana, LIKE_COMMENT, id=await comment(world, ana, post, "@ana again"))
    assert await told(world, ana) == []
    assert await world.count(activities) == 0


# ------------------------------------------------------------------------------------------- grouping


async def test_likes_of_a_post_are_one_entry_with_the_latest_three_first(world: World) -> None:
    ana, *likers = await people(world, "ana", "ben", "eva", "dan", "zoe")
    post = await world.post(ana)
    for liker in likers:
        await like(world, liker, post)
        await world.run_jobs()
    assert await told(world, ana) == [Told("POST_LIKED", ["zoe", "dan", "eva"], 4, post)]


async def test_comments_of_a_post_are_one_entry_that_counts_each_actor_once(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    for who, text in ((ben, "1"), (eva, "2"), (eva, "3"), (ben, "4"), (ben, "5")):
        await comment(world, who, post, text)
        await world.run_jobs()
    assert await told(world, ana) == [Told("POST_COMMENTED", ["ben", "eva"], 2, post, "5")]


async def test_each_post_has_its_own_entry_and_the_newest_event_is_first(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    one, two = await world.post(ana), await world.post(ana)
    for who, post in ((ben, one), (ben, two), (eva, one)):
        await like(world, who, post)
        await world.run_jobs()
    await world.follow(eva, ana)
    assert await told(world, ana) == [
        Told("FOLLOW", ["eva"], 1),
        Told("POST_LIKED", ["eva", "ben"], 2, one),
        Told("POST_LIKED", ["ben"], 1, two),
    ]


async def test_after_the_window_a_new_entry_begins(world: World) -> None:
    ana, ben, eva, dan = await people(world, "ana", "ben", "eva", "dan")
    post = await world.post(ana)
    await like(world, ben, post)
    await world.run_jobs()
    await world.sql("update notifications set began_at = began_at - interval '23 hours 59 minutes'")
    await like(world, eva, post)
    await world.run_jobs()
    await world.sql("update notifications set began_at = began_at - interval '2 minutes'")
    await like(world, dan, post)
    assert await told(world, ana) == [
        Told("POST_LIKED", ["dan"], 1, post),
        Told("POST_LIKED", ["eva", "ben"], 2, post),
    ]
