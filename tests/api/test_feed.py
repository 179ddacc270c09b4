"""The home feed: whose posts are in it, in which order, and since when."""

from tests.world import World


async def test_it_has_ones_own_posts_and_those_of_followees_and_no_others(world: World) -> None:
    ana, ben, eve = await world.person("ana"), await world.person("ben"), await world.person("eve")
    await world.follow(ben, ana)
    anas, bens, _ = await world.post(ana), await world.post(ben), await world.post(eve)
    assert await world.feed(ben) == [bens, anas]
    assert await world.feed(ana) == [anas]


async def test_the_latest_published_stands_first_even_if_created_earlier(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    slow = await world.picture(ana, status="PROCESSING")
    created_first = await world.post(ana, mediaIds=[slow])
    created_second = await world.post(ana)
    assert await world.feed(ben) == [created_second]

    await world.finish(slow)

    assert await world.feed(ben) == [created_first, created_second]
    assert await world.feed(ana) == [created_first, created_second]


async def test_a_post_that_failed_is_in_nobodys_feed(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    broken = await world.picture(ana, status="PROCESSING")
    await world.post(ana, mediaIds=[broken])
    await world.finish(broken, status="FAILED")
    assert await world.feed(ben) == await world.feed(ana) == []


async def test_a_deleted_post_is_gone_from_the_next_read_and_stays_away(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    kept, deleted = await world.post(ana), await world.post(ana)
    assert await world.feed(ben) == [deleted, kept]

    await world.delete(ana, deleted)

    assert await world.feed(ben) == await world.feed(ana) == [kept]
    await world.run_jobs()
    assert await world.feed(ben) == await world.feed(ana) == [kept]


async def test_a_post_deleted_while_its_picture_is_processed_never_comes(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    slow = await world.picture(ana, status="PROCESSING")
    await world.delete(ana, await world.post(ana, mediaIds=[slow]))
    await world.finish(slow)
    assert await world.feed(ben) == await world.feed(ana) == []


async def test_an_unfollowed_author_is_gone_from_the_next_read(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    own, anas = await world.post(ben), await world.post(ana)
    assert await world.feed(ben) == [anas, own]
    await world.app.deps.upkeep.done()  # there is a timeline now, with the post on it

    await world.unfollow(ben, ana)

    assert await world.feed(ben) == [own]


async def test_a_new_follow_shows_what_was_posted_before_it(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    anas, bens = await world.post(ana), await world.post(ben)
    await world.follow(ben, ana)
    assert await world.feed(ben) == [bens, anas]


async def test_follow_then_unfollow_is_never_followed_and_the_other_way_round_always(world: World) -> None:
    ana, ben, eve = await world.person("ana"), await world.person("ben"), await world.person("eve")
    await world.follow(ben, ana)
    first, _ = await world.post(ana), await world.post(eve)
    await world.unfollow(ben, ana)
    second = await world.post(ana)
    await world.follow(ben, ana)
    await world.follow(ben, eve)
    await world.unfollow(ben, eve)
    assert await world.feed(ben) == [second, first]


async def test_who_follows_nobody_and_posted_nothing_has_an_empty_feed(world: World) -> None:
    page = await world.page(await world.person("ana"))
    assert page == {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


async def test_following_twice_shows_a_post_once(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    await world.follow(ben, ana)
    anas = await world.post(ana)
    assert await world.feed(ben) == [anas]
