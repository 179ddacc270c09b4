"""Access is taken away in the middle of a subscription, or of a socket: the next event and the next result obey."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import pytest

from settings import Settings
from tests.api.subscribing import COMMENT_ADDED, FEED_POST_ADDED, NOTIFICATION_ADDED, POST_UPDATED, subscribed
from tests.inboxes import UPDATE_CAPTION, comment, like, people
from tests.privacy.asking import ghost
from tests.relating import block, mute, set_private
from tests.server.talking import Talk
from tests.server.test_websocket_sessions import LOG_OUT, served
from tests.world import Person, World

Taking = Callable[[World, Person, Person], Awaitable[None]]
POST = "query ($post: ID!) { post(id: $post) { caption comments { liveCursor edges { node { text } } } } }"


class Bench(NamedTuple):
    """ana, whom ben follows, and nora, who is a neighbour of both; a post of ana's and one of nora's."""

    world: World
    ana: Person
    ben: Person
    nora: Person
    anas: str
    noras: str


@pytest.fixture
async def bench(world: World) -> Bench:
    ana, ben, nora = await people(world, "ana", "ben", "nora")
    for follower, followee in ((ben, ana), (ben, nora), (nora, ana), (ana, nora)):
        await world.follow(follower, followee)
    return Bench(world, ana, ben, nora, await world.post(ana, "Behind the fence"), await world.post(nora))


async def block_him(world: World, ana: Person, ben: Person) -> None:
    await block(world, ana, ben)


async def block_her(world: World, ana: Person, ben: Person) -> None:
    await block(world, ben, ana)


async def unfollow_and_go_private(world: World, ana: Person, ben: Person) -> None:
    await world.unfollow(ben, ana)
    await set_private(world, ana)


async def unfollow_who_is_private(world: World, ana: Person, ben: Person) -> None:
    await set_private(world, ana)
    await world.unfollow(ben, ana)


async def mute_her(world: World, ana: Person, ben: Person) -> None:
    await mute(world, ben, ana)


async def unfollow_her(world: World, ana: Person, ben: Person) -> None:
    await world.unfollow(ben, ana)


BLOCKS = [block_him, block_her]
HIDING = [*BLOCKS, unfollow_and_go_private, unfollow_who_is_private]
LEAVING = [*HIDING, unfollow_her, mute_her]


@pytest.mark.parametrize("taken", HIDING)
async def test_comments_on_a_hidden_post_are_told_no_longer(bench: Bench, taken: Taking) -> None:
    """The comment on another post, told by another subscription, shows that nothing of the kind is on its way."""
    world, ana, ben, nora, anas, _ = bench
    async with (
        subscribed(world, ben, COMMENT_ADDED, post=anas) as his,
        subscribed(world, nora, COMMENT_ADDED, post=anas) as hers,
    ):
        first = await comment(world, nora, anas, "Before")
        assert (await his.nodes(1), await hers.nodes(1)) == ([first], [first])
        await taken(world, ana, ben)
        second = await comment(world, nora, anas, "After")
        assert await hers.nodes(1) == [second]
        await given_back(bench, taken)
        third = await comment(world, nora, anas, "Again")
        assert await his.nodes(1) == [third]


async def given_back(bench: Bench, taken: Taking) -> None:
    """Let ben see ana's posts again."""
    await bench.world.sql("delete from blocks")
    await set_private(bench.world, bench.ana, False)


@pytest.mark.parametrize("taken", BLOCKS)
async def test_comments_of_who_has_vanished_are_told_no_longer(bench: Bench, taken: Taking) -> None:
    world, ana, ben, nora, _, noras = bench
    async with subscribed(world, ben, COMMENT_ADDED, post=noras) as his:
        first = await comment(world, ana, noras, "Before")
        assert await his.nodes(1) == [first]
        await taken(world, ana, ben)
        await comment(world, ana, noras, "After")
        second = await comment(world, nora, noras, "Hello")
        assert await his.nodes(1) == [second]


@pytest.mark.parametrize("taken", HIDING)
async def test_changes_of_a_hidden_post_end(bench: Bench, taken: Taking) -> None:
    world, ana, ben, _, anas, _ = bench
    async with subscribed(world, ben, POST_UPDATED, post=anas) as his:
        await like(world, ben, anas)
        assert (await his.event())["likeCount"] == 1
        await taken(world, ana, ben)
        await world.do(ana, UPDATE_CAPTION, id=anas, caption="After")
        await his.ended()


@pytest.mark.parametrize("taken", LEAVING)
async def test_new_posts_that_are_not_in_the_feed_any_more_are_told_no_longer(bench: Bench, taken: Taking) -> None:
    world, ana, ben, nora, _, _ = bench
    async with subscribed(world, ben, FEED_POST_ADDED) as his:
        first = await world.post(ana)
        assert await his.nodes(1) == [first]
        await taken(world, ana, ben)
        await world.post(ana)
        second = await world.post(nora)
        assert await his.nodes(1) == [second]


@pytest.mark.parametrize("taken", [*BLOCKS, mute_her])
async def test_what_they_do_of_whom_one_is_not_told_is_notified_no_longer(bench: Bench, taken: Taking) -> None:
    """Even what was done before, and comes to be told after."""
    world, ana, ben, nora, _, _ = bench
    bens = await world.post(ben)
    await world.run_jobs()
    async with subscribed(world, ben, NOTIFICATION_ADDED) as his:
        await comment(world, ana, bens, "Before")
        await taken(world, ana, ben)
        await world.run_jobs()
        await like(world, nora, bens)
        await world.run_jobs()
        assert (await his.event())["edge"]["node"]["kind"] == "POST_LIKED"


async def heard(talk: Talk) -> Any:
    """The next message's id, and its one field."""
    message = await talk.hear()
    data = message["payload"]["data"] if message["type"] == "next" else None
    return message["id"], message["type"], None if data is None else next(iter(data.values()))


async def result(talk: Talk, id_: str, query: str, **variables: Any) -> Any:
    """The answer to a query over the socket."""
    await talk.subscribe(id_, query, **variables)
    found = await heard(talk)
    assert found[:2] == (id_, "next")
    assert await heard(talk) == (id_, "complete", None)
    return found[2]


@pytest.mark.parametrize("taken", HIDING)
async def test_the_next_result_and_the_next_event_on_a_socket_obey(
    bench: Bench, settings: Settings, taken: Taking
) -> None:
    """On a real server; then the session ends, and the socket with it."""
    _, ana, ben, nora, anas, noras = bench
    async with served(settings.model_copy(update={"session_check_s": 0.05})) as running, running.talk(ben) as talk:
        world = running.world
        for id_, post in (("hidden", anas), ("open", noras)):
            seen = await result(talk, f"query of {id_}", POST, post=post)
            await talk.subscribe(id_, COMMENT_ADDED, post=post, after=seen["comments"]["liveCursor"])
            assert (await told_of(talk, world, nora, id_, post)) == id_
        await taken(world, ana, ben)
        await comment(world, nora, anas, "After")
        assert await told_of(talk, world, nora, "open", noras) == "open"
        assert await result(talk, "again", POST, post=anas) is None
        assert await result(talk, "ghost", POST, post=ghost(anas)) is None
        await world.do(ben, LOG_OUT)
        assert await talk.closed() == 4403


async def told_of(talk: Talk, world: World, author: Person, id_: str, post: str) -> str:
    """Which subscription is the next to be told, when somebody comments on a post."""
    said = await comment(world, author, post, f"For {id_}")
    told, _, event = await heard(talk)
    assert event["edge"]["node"]["id"] == said
    return str(told)
