"""`photofeed feed`: what it says of feeds is what the SQL reference has, and what is served."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from subprocess import CompletedProcess

import pytest
from anyio import to_thread
from pydantic import SecretStr
from redis.asyncio import Redis

from rules.node_ids import encode
from services import checking, explaining
from services.deps import Deps
from services.feed import FeedPage, home
from services.upkeep import Upkeep
from settings import Settings
from stores.postgres import feed
from stores.postgres.pages import TOP
from stores.redis.connection import connect
from stores.redis.timelines import key, member
from tests.dev.processes import photofeed
from tests.patience import PATIENCE_S
from tests.processes import another_process
from tests.relating import block, mute
from tests.server.feed_noise import Noise
from tests.world import Person, World, row_id


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    """Empty: no timelines of other tests."""
    client = connect(settings.redis_url.get_secret_value(), timeout_s=PATIENCE_S)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
def short_timelines(world: World) -> Iterator[None]:
    timelines = world.app.deps.timelines
    limits, timelines.limits = timelines.limits, timelines.limits._replace(cap=3)
    yield
    timelines.limits = limits


async def command(environment: dict[str, str], *arguments: str) -> CompletedProcess[str]:
    return await to_thread.run_sync(lambda: photofeed("feed", *arguments, **environment, COLUMNS="160"))


async def feed_ids(world: World, viewer: Person) -> dict[int, int]:
    """The SQL reference: `feed_id` by post."""
    async with world.app.deps.database.read() as connection:
        found = await feed.exact(connection, viewer.row_id, below=TOP, most=1_000)
    return {post.id: post.feed_id for post in found}


async def read_until_warm(world: World, viewer: Person) -> None:
    await world.run_jobs()
    await world.feed(viewer)
    await world.app.deps.upkeep.done()


async def ana_and_ben(world: World, posts: int) -> tuple[Person, Person, list[str]]:
    """Ben follows Ana, who has so many posts; they are on his timeline."""
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    published = [await world.post(ana) for _ in range(posts)]
    await read_until_warm(world, ben)
    return ana, ben, published


async def take_off(redis: Redis, world: World, viewer: Person, post_id: str) -> None:
    """Lose a post from a timeline."""
    assert await redis.zrem(key(viewer.row_id), member((await feed_ids(world, viewer))[row_id(post_id)])) == 1


async def set_floor(redis: Redis, viewer: Person, floor: int) -> None:
    [header] = await redis.zrange(key(viewer.row_id), 0, 0)
    parts = header.decode().split(":")
    parts[2] = member(floor)
    await redis.zrem(key(viewer.row_id), header)
    await redis.zadd(key(viewer.row_id), {":".join(parts): 0})


def at_rest(deps: Deps) -> Deps:
    """Reads with it change nothing: their upkeep is left undone."""
    return replace(deps, upkeep=Upkeep(waiting_most=1))


# ------------------------------------------------------------------------------------ explain


async def test_an_explanation_agrees_with_the_reference_and_with_what_is_served(
    world: World, redis: Redis, short_timelines: None
) -> None:
    noise = Noise(world, [await world.person() for _ in range(10)], seed=3)
    told: set[str | None] = set()
    await noise.disturb(times=20)
    for _ in range(40):
        await noise.disturb(times=4)
        for _ in range(10):
            told |= await explained_rightly(world, *noise.somebody_and_a_post())
    assert told - {None} == {
        "erased", "deleted", "not published", "not followed", "missed",
        "timeline", "own post", "pulled author", "new follow", "undrained", "below the floor",
        "no timeline", "building", "too old", "many new follows",
    }  # fmt: skip


async def explained_rightly(world: World, viewer: Person, post_id: int) -> set[str | None]:
    """All that is said of a post, after a comparison with the SQL reference and with the read that begins above it."""
    deps, reference = at_rest(world.app.deps), await feed_ids(world, viewer)
    explained = await explaining.explain(deps, viewer.row_id, post_id)
    assert (explained is not None and explained.absent is None) == (post_id in reference)
    if explained is None:
        return {"erased"}
    if explained.way is None:
        return {explained.absent}
    page = await home(deps, viewer.row_id, below=reference[post_id] + 1, most=1)
    assert explained.is_served == (post_id in [post.id for post in page.posts])
    return {explained.way.cold, *explained.way.sources} if explained.is_served else {"missed"}


async def test_with_redis_down_it_comes_from_postgres(world: World, settings: Settings) -> None:
    _, ben, [post_id] = await ana_and_ben(world, 1)
    async with another_process(settings, redis_url=SecretStr("redis://127.0.0.1:1/0")) as without_redis:
        explained = await explaining.explain(without_redis.app.deps, ben.row_id, row_id(post_id))
    assert explained is not None
    assert explained.way == explaining.Way("no Redis", [])


async def test_it_is_told_in_plain_words(world: World, environment: dict[str, str], redis: Redis) -> None:
    _, _, [post_id] = await ana_and_ben(world, 1)
    seen = await command(environment, "explain", "--viewer", "Ben", "--post", post_id)
    assert (seen.returncode, seen.stderr) == (0, "")
    first, second = seen.stdout.splitlines()
    assert first.startswith(f"Post {row_id(post_id)} ({post_id}) by ana, published at 20")
    assert " is in ben's feed: ben has followed ana since 20" in first
    assert second == "The next read takes it from ben's timeline."


async def test_a_mute_and_a_block_are_named_and_no_difference(world: World) -> None:
    ana, ben, [post_id] = await ana_and_ben(world, 1)
    deps = world.app.deps
    for part, absent in ((mute, "muted"), (block, "blocked")):
        await part(world, ben, ana)
        explanation = await explaining.explain(deps, ben.row_id, row_id(post_id))
        assert explanation is not None
        assert explanation.absent == absent
        assert await checking.check(deps, ben.row_id, most=500) is None


async def test_a_post_may_be_given_by_its_number(world: World, environment: dict[str, str]) -> None:
    ana = await world.person("ana")
    await world.person("eva")
    post_id = await world.post(ana)
    seen = await command(environment, "explain", "--viewer", "eva", "--post", str(row_id(post_id)))
    said = f"Post {row_id(post_id)} ({post_id}) by ana is not in eva's feed: eva does not follow ana.\n"
    assert (seen.returncode, seen.stdout) == (0, said)


async def test_a_post_that_the_next_read_misses_is_a_fault(
    world: World, environment: dict[str, str], redis: Redis
) -> None:
    _, ben, [post_id] = await ana_and_ben(world, 1)
    await take_off(redis, world, ben, post_id)
    seen = await command(environment, "explain", "--viewer", "ben", "--post", post_id)
    assert seen.returncode == 1
    assert "The next read misses it. `photofeed feed check --viewer ben` repairs that.\n" in seen.stdout


@pytest.mark.parametrize(
    ("viewer", "post", "status", "complaint"),
    [
        ("nobody", encode("Post", 1), 1, "photofeed: there is nobody of the name nobody\n"),
        ("ana", "1", 1, "photofeed: there is no post 1: it never was, or it was deleted and is erased\n"),
        ("ana", encode("User", 1), 2, "is neither the global id of a post nor a number"),
        ("ana", str(2**63), 2, "is neither the global id of a post nor a number"),
    ],
)
async def test_what_is_not_there_is_said_in_a_line(
    world: World, environment: dict[str, str], viewer: str, post: str, status: int, complaint: str
) -> None:
    await world.person("ana")
    seen = await command(environment, "explain", "--viewer", viewer, "--post", post)
    assert (seen.returncode, seen.stdout) == (status, "")
    assert complaint in seen.stderr


# -------------------------------------------------------------------------------------- check


async def test_where_all_feeds_are_right_nothing_is_found(
    world: World, environment: dict[str, str], redis: Redis
) -> None:
    await ana_and_ben(world, 5)
    seen = await command(environment, "check", "--sample", "9")
    said = "Compared 2 feeds with the SQL reference: no difference.\n"
    assert (seen.returncode, seen.stdout) == (0, said), seen.stderr


async def test_a_timeline_that_lost_a_post_is_found_and_repaired(
    world: World, environment: dict[str, str], redis: Redis
) -> None:
    _, ben, posts = await ana_and_ben(world, 5)
    await take_off(redis, world, ben, posts[2])
    assert posts[2] not in await world.feed(ben)

    seen = await command(environment, "check", "--sample", "9")

    missed = f"misses post {row_id(posts[2])}."
    assert (seen.returncode, seen.stdout.splitlines()) == (
        1,
        [
            f"ben's feed, strong mode off: {missed}",
            f"ben's feed, strong mode on: {missed}",
            "Compared 2 feeds with the SQL reference: 1 differed, 1 repaired.",
        ],
    ), seen.stderr
    assert await world.feed(ben) == posts[::-1]
    again = await command(environment, "check", "--viewer", "ben")
    assert (again.returncode, again.stdout) == (0, "Compared 1 feed with the SQL reference: no difference.\n")


async def test_a_timeline_whose_floor_is_too_low_is_found_and_repaired(
    world: World, redis: Redis, short_timelines: None
) -> None:
    _, ben, posts = await ana_and_ben(world, 8)
    await set_floor(redis, ben, 0)
    found = await checking.check(world.app.deps, ben.row_id, most=500)
    assert found is not None
    assert found.is_repaired
    assert found.differences[0].missed == [row_id(post_id) for post_id in posts[4::-1]]
    assert await world.feed(ben) == posts[::-1]


async def test_a_floor_that_is_higher_than_need_be_shows_nothing_wrong(world: World, redis: Redis) -> None:
    _, ben, posts = await ana_and_ben(world, 8)
    await set_floor(redis, ben, (await feed_ids(world, ben))[row_id(posts[5])])
    assert await checking.check(world.app.deps, ben.row_id, most=500) is None


async def test_only_the_latest_posts_are_compared(world: World, redis: Redis) -> None:
    _, ben, posts = await ana_and_ben(world, 8)
    await take_off(redis, world, ben, posts[1])
    assert await checking.check(world.app.deps, ben.row_id, most=6) is None
    assert await checking.check(world.app.deps, ben.row_id, most=7) is not None


async def test_posts_that_are_not_fanned_out_yet_are_no_difference(world: World, redis: Redis) -> None:
    ana, ben, _ = await ana_and_ben(world, 3)
    await world.post(ana)
    assert await checking.check(world.app.deps, ben.row_id, most=500) is None


async def test_a_check_builds_no_timeline_where_none_is_needed(world: World, redis: Redis) -> None:
    ana, _, _ = await ana_and_ben(world, 3)
    assert await checking.check(world.app.deps, ana.row_id, most=500) is None
    await world.app.deps.upkeep.done()
    assert not await redis.exists(key(ana.row_id))


async def test_what_is_served_without_right_or_twice_is_found_and_what_no_timeline_mends_is_told(
    world: World, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ben, posts = await ana_and_ben(world, 2)
    eva = await world.person("eva")
    hers = await world.post(eva)

    async def careless(deps: Deps, viewer_id: int, *, below: int, most: int) -> FeedPage:
        his = await home(deps, viewer_id, below=below, most=most)
        strange = await home(deps, eva.row_id, below=below, most=most)
        return his._replace(posts=[*strange.posts, *his.posts, *his.posts[-1:]])

    monkeypatch.setattr(checking, "home", careless)
    found = await checking.check(world.app.deps, ben.row_id, most=500)
    assert found is not None
    assert not found.is_repaired
    assert [difference.surplus for difference in found.differences] == [[row_id(hers), row_id(posts[0])]] * 2


async def test_those_who_have_a_timeline_are_looked_at_first(world: World, redis: Redis) -> None:
    _, ben, _ = await ana_and_ben(world, 1)
    for name in ("eva", "tom", "zoe"):
        await world.person(name)
    assert [user.id for user in await checking.viewers(world.app.deps, 1)] == [ben.row_id]
    assert len({user.id for user in await checking.viewers(world.app.deps, 3)} | {ben.row_id}) == 3
    assert len(await checking.viewers(world.app.deps, 99)) == 5
