"""Subscriptions to the inbox."""

from typing import Any

from settings import Settings
from tests.api.subscribing import NOTIFICATION_ADDED, subscribed
from tests.api.test_live_comments import comment
from tests.processes import another_process
from tests.world import Person, World

LIKE = """mutation ($id: ID!) { likePost(input: {postId: $id}) { userErrors { code } } }"""
UNLIKE = """mutation ($id: ID!) { unlikePost(input: {postId: $id}) { userErrors { code } } }"""
MARK_READ = """mutation ($cursor: String) {
  markNotificationsRead(input: {cursor: $cursor}) { viewer { unreadNotificationCount } userErrors { code } }
}"""
INBOX = """query { viewer { notifications { liveCursor edges { cursor node { id kind actorCount } } } } }"""


async def inbox(world: World, who: Person) -> Any:
    return (await world.ask(who, INBOX))["viewer"]["notifications"]


async def like(world: World, who: Person, post: str) -> None:
    await world.do(who, LIKE, id=post)
    await world.run_jobs()


async def test_what_comes_into_the_inbox_and_what_grows_in_it_is_told(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    await world.follow(ana, eva)
    post = await world.post(ana)
    await world.run_jobs()
    async with subscribed(world, ana, NOTIFICATION_ADDED) as events:
        told = []
        for liker in (ben, eva):
            await like(world, liker, post)
            told.append((await events.event())["edge"]["node"])
        new_post = await world.post(eva)
        told.append((await events.event())["edge"]["node"])
        await comment(world, ben, post)
        await world.run_jobs()
        told.append((await events.event())["edge"]["node"])
    assert [(one["kind"], one["actorCount"], one["post"]["id"]) for one in told] == [
        ("POST_LIKED", 1, post),
        ("POST_LIKED", 2, post),
        ("NEW_POST", 1, new_post),
        ("POST_COMMENTED", 1, post),
    ]
    assert told[0]["id"] == told[1]["id"]
    shown = [edge["node"]["id"] for edge in (await inbox(world, ana))["edges"]]
    assert shown == [told[3]["id"], told[2]["id"], told[1]["id"]]


async def test_from_a_live_cursor_or_any_event_each_comes_once_whatever_its_source(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    for followee in (ben, eva):
        await world.follow(ana, followee)
    cursors = [(await inbox(world, ana))["liveCursor"]]
    about = []
    for author in (ben, eva):
        post = await world.post(ana)
        await like(world, author, post)
        about += [post, await world.post(author)]
    async with subscribed(world, ana, NOTIFICATION_ADDED, after=cursors[0]) as events:
        cursors += [(await events.event())["cursor"] for _ in about]
    for cut, cursor in enumerate(cursors):
        async with subscribed(world, ana, NOTIFICATION_ADDED, after=cursor) as events:
            post = await world.post(ana)
            await like(world, ben, post)
            about.append(post)
            told = [(await events.event())["edge"]["node"]["post"]["id"] for _ in about[cut:]]
            assert told == about[cut:]


async def test_what_grew_several_times_meanwhile_is_told_once_as_it_is(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    await world.follow(ana, eva)
    post = await world.post(ana)
    cursor = (await inbox(world, ana))["liveCursor"]
    for liker in (ben, eva):
        await like(world, liker, post)
    latest = [await world.post(eva) for _ in range(3)][-1]
    async with subscribed(world, ana, NOTIFICATION_ADDED, after=cursor) as events:
        told = [(await events.event())["edge"]["node"] for _ in range(2)]
    assert [(one["kind"], one["actorCount"], one["post"]["id"]) for one in told] == [
        ("POST_LIKED", 2, post),
        ("NEW_POST", 1, latest),
    ]


async def test_what_is_undone_when_it_is_delivered_is_not_told(world: World) -> None:
    ana, ben, eva = [await world.person(name) for name in ("ana", "ben", "eva")]
    posts = [await world.post(ana) for _ in range(2)]
    cursor = (await inbox(world, ana))["liveCursor"]
    await like(world, ben, posts[0])
    await world.do(ben, UNLIKE, id=posts[0])
    await world.run_jobs()
    await like(world, eva, posts[1])
    async with subscribed(world, ana, NOTIFICATION_ADDED, after=cursor) as events:
        assert (await events.event())["edge"]["node"]["post"]["id"] == posts[1]


async def test_an_events_cursor_marks_as_read_what_was_told_up_to_it(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    posts = [await world.post(ana) for _ in range(2)]
    async with subscribed(world, ana, NOTIFICATION_ADDED) as events:
        for post in posts:
            await like(world, ben, post)
        first = await events.event()
    marked = await world.do(ana, MARK_READ, cursor=first["cursor"])
    assert marked["viewer"] == {"unreadNotificationCount": 1}


async def test_an_inbox_is_its_owners_alone_and_so_are_its_cursors(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    async with subscribed(world, None, NOTIFICATION_ADDED) as events:
        assert await events.error() == "UNAUTHENTICATED"
    async with subscribed(world, ben, NOTIFICATION_ADDED, after=(await inbox(world, ana))["liveCursor"]) as events:
        assert await events.error() == "BAD_REQUEST"


async def test_who_has_missed_too_much_has_to_read_the_inbox_afresh(world: World, settings: Settings) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    cursor = (await inbox(world, ana))["liveCursor"]
    for _ in range(3):
        await like(world, ben, await world.post(ana))
    async with another_process(settings, live_resume_events=2) as process:
        async with subscribed(process, ana, NOTIFICATION_ADDED, after=cursor) as events:
            assert await events.error() == "CURSOR_EXPIRED"
        cursor = (await inbox(world, ana))["liveCursor"]
        async with subscribed(process, ana, NOTIFICATION_ADDED, after=cursor) as events:
            await like(world, ben, post := await world.post(ana))
            assert (await events.event())["edge"]["node"]["post"]["id"] == post
