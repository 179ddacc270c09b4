"""`photofeed seed`: small ones, judged by SQL and asked through the API."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from statistics import median
from typing import Any

import pytest
from sqlalchemy import text

from dev import seed
from rules.accounts import is_username, kept_email, skeleton
from rules.node_ids import encode
from rules.posts import hashtags_of
from rules.text import mentions_in
from settings import Settings
from stores.ids import floor_of
from stores.postgres.tables import follows, metadata, posts, users
from tests.dev.processes import photofeed
from tests.world import Person, World, emptied, web_client

USERS, FOLLOWS, POSTS, PICTURES = 300, 3_000, 1_000, 5
LOG_IN = """mutation ($input: LogInInput!) {
  logIn(input: $input) { tokens { accessToken refreshToken } viewer { user { id username } } userErrors { code } }
}"""
POST_URLS = """query ($id: ID!) { post(id: $id) { media { url status width height blurhash altText } } }"""
SALTED = ("accounts", "password_hash")


async def sown(settings: Settings, number: int = 1, pictures: int = PICTURES) -> None:
    await seed.fill(settings, users=USERS, follows=FOLLOWS, posts=POSTS, seed=number, pictures=pictures)


@pytest.fixture(scope="module")
async def field(photofeed: World, settings: Settings) -> AsyncIterator[World]:
    """A world with a seed in it, for the tests that only look; they stand before those that empty it."""
    await emptied(photofeed.app)
    await sown(settings)
    yield photofeed
    await emptied(photofeed.app)


async def rows(world: World, sql: str, **values: Any) -> list[Any]:
    async with world.app.deps.database.read() as connection:
        return list(await connection.execute(text(sql), values))


async def checksums(world: World) -> dict[str, str]:
    """Of every table's rows, but for what a seed does not decide."""
    sums = {}
    for name, table in sorted(metadata.tables.items()):
        columns = ", ".join(column.name for column in table.columns if (name, column.name) != SALTED)
        whole = f"select string_agg(r::text, '|' order by r::text) as rows from (select {columns} from {name}) r"
        [(sums[name],)] = await rows(world, f"select md5(rows) from ({whole}) r")
    del sums["feed_clock"]
    return sums


async def author_of(world: World, post_id: int) -> Person:
    [(username,)] = await rows(
        world, "select username from users where id = (select author_id from posts where id = :id)", id=post_id
    )
    return await logged_in(world, username)


async def logged_in(world: World, username: str) -> Person:
    signed_in = await world.do(None, LOG_IN, input={"login": username, "password": seed.PASSWORD})
    tokens = signed_in["tokens"]
    return Person(signed_in["viewer"]["user"]["id"], username, tokens["accessToken"], tokens["refreshToken"])


async def test_there_is_as_much_as_was_asked_for(field: World) -> None:
    assert [await field.count(table) for table in (users, follows, posts)] == [USERS, FOLLOWS, POSTS]


COUNTS = {
    "followers": "select id, follower_count, (select count(*) from follows where followee_id = users.id) from users",
    "following": "select id, following_count, (select count(*) from follows where follower_id = users.id) from users",
    "follow_ver": "select id, follow_ver, (select count(*) from follows where follower_id = users.id) from users",
    "accounts": "select u.id, 1, count(a.id) from users u left join accounts a on a.id = u.id group by 1",
    "posts of authors": """
        select a.author_id, a.post_count, count(p.id)
        from author_counts a full join posts p on p.author_id = a.author_id group by 1, 2""",
    "posts of hashtags": """
        select h.id, h.post_count, count(l.post_id)
        from hashtags h full join hashtagged l on l.hashtag_id = h.id group by 1, 2""",
    "hashtags of posts": """
        select p.id, cardinality(p.hashtags), count(h.id) from posts p
        left join hashtagged l on l.post_id = p.id and l.feed_id = p.feed_id
        left join hashtags h on h.id = l.hashtag_id and h.name = any (p.hashtags) group by 1""",
    "media of posts": """
        select p.id, max(m.position) + 1, count(distinct m.position)
        from posts p left join media m on m.post_id = p.id and m.owner_id = p.author_id group by 1""",
}


@pytest.mark.parametrize("sql", COUNTS.values(), ids=COUNTS.keys())
async def test_every_count_is_that_of_the_rows(field: World, sql: str) -> None:
    counted = await rows(field, sql)
    assert len(counted) > 0
    assert [row for row in counted if row[1] != row[2]] == []


async def test_follows_are_numbered_in_the_order_in_which_they_were_made(field: World) -> None:
    numbered = await rows(
        field,
        "select ver, row_number() over (partition by follower_id order by id) as place, id, created_at from follows",
    )
    assert [row for row in numbered if row.ver != row.place] == []
    assert [row for row in numbered if row.id >> 23 != floor_of(ms(row.created_at)) >> 23] == []
    assert len({row.id for row in numbered}) == FOLLOWS


async def test_posts_were_published_in_the_order_of_their_feed_ids_before_now(field: World) -> None:
    published = await rows(field, "select feed_id, published_at, created_at from posts order by feed_id")
    assert [row.feed_id for row in published] == [floor_of(ms(row.published_at)) for row in published]
    assert all(row.created_at <= row.published_at for row in published)
    assert len({row.published_at for row in published}) == POSTS
    [(last,)] = await rows(field, "select last from feed_clock")
    assert published[-1].feed_id <= last <= floor_of(time.time_ns() // 1_000_000)


async def test_names_are_such_as_people_may_take(field: World) -> None:
    people = await rows(
        field, "select username, username_skeleton, email, email_key from users join accounts using (id)"
    )
    assert [
        row for row in people if not is_username(row.username) or skeleton(row.username) != row.username_skeleton
    ] == []
    assert [row for row in people if kept_email(row.email) != row.email_key] == []


async def test_a_few_are_followed_by_many_and_most_by_few(field: World) -> None:
    followers = [row.follower_count for row in await rows(field, "select follower_count from users")]
    assert max(followers) > USERS / 5
    assert median(followers) < FOLLOWS / USERS


async def test_a_few_post_much_and_most_little(field: World) -> None:
    counts = [row.post_count for row in await rows(field, "select post_count from author_counts")]
    assert max(counts) > 6 * POSTS / USERS
    assert median(counts) < POSTS / USERS


async def test_captions_mention_and_tag_as_if_people_had_written_them(field: World) -> None:
    written = await rows(
        field,
        """select caption, tags, hashtags, array(select username from users where id = any (mention_ids)) as mentioned
        from posts""",
    )
    assert [row for row in written if hashtags_of(row.caption, row.tags) != row.hashtags] == []
    assert [row for row in written if mentions_in(row.caption) != row.mentioned] == []
    assert any(row.mentioned for row in written)
    assert any(row.tags for row in written)


async def test_every_picture_is_there_for_browsers(field: World) -> None:
    one_of_each = await rows(field, "select distinct on (object_key) post_id from media")
    assert len(one_of_each) == PICTURES
    async with web_client() as browser:
        for row in one_of_each:
            shown = (await field.ask(None, POST_URLS, id=encode("Post", row.post_id)))["post"]["media"]
            for picture in shown:
                got = await browser.get(picture["url"])
                assert (got.status_code, got.content[8:12], picture["status"]) == (200, b"WEBP", "READY")
                assert picture["altText"]


async def test_whoever_it_names_can_log_in_and_read_a_feed(
    world: World, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await sown(settings)
    told = re.search(r'log in as (\S+), with the password "(.+)"', capsys.readouterr().out)
    assert told is not None
    viewer = await logged_in(world, told[1])
    assert told[2] == seed.PASSWORD
    page = await world.page(viewer, first=100)
    assert len(page["edges"]) == 100
    expected = await rows(
        world,
        """
        select id from posts
        where author_id in (select followee_id from follows where follower_id = :id union select :id)
        order by feed_id desc limit 100""",
        id=viewer.row_id,
    )
    assert [edge["node"]["id"] for edge in page["edges"]] == [encode("Post", row.id) for row in expected]


async def test_the_posts_of_those_whom_many_follow_are_pulled(world: World, settings: Settings) -> None:
    await sown(settings.model_copy(update={"pull_threshold": 30}), pictures=1)
    reached = await rows(
        world,
        """
        select follower_count, fan_out_class, array_agg(distinct is_pulled) as pulled
        from users join follows on followee_id = users.id group by users.id
        """,
    )
    assert all((row.fan_out_class, row.pulled) == ("PULL", [True]) for row in reached if row.follower_count >= 30)
    assert all((row.fan_out_class, row.pulled) == ("PUSH", [False]) for row in reached if row.follower_count < 30)
    assert {row.fan_out_class for row in reached} == {"PULL", "PUSH"}


async def test_what_is_posted_after_it_comes_first(world: World, settings: Settings) -> None:
    await sown(settings)
    ana = await world.person("ana.herself")
    [(username,)] = await rows(world, "select username from users order by follower_count desc limit 1")
    famous = await logged_in(world, username)
    await world.follow(ana, famous)
    post_id = await world.post(famous, "New")
    assert (await world.feed(ana))[0] == post_id


async def test_a_deleted_post_takes_no_picture_from_the_others(world: World, settings: Settings) -> None:
    await sown(settings, pictures=1)
    [(post_id,)] = await rows(world, "select max(id) from posts")
    author = await author_of(world, post_id)
    asked = await world.ask(author, POST_URLS, id=encode("Post", post_id))
    await world.delete(author, encode("Post", post_id))
    await world.run_jobs()
    assert await rows(world, "select 1 from media where post_id = :id", id=post_id) == []
    async with web_client() as browser:
        assert (await browser.get(asked["post"]["media"][0]["url"])).status_code == 200


async def test_the_same_number_makes_the_same_rows_and_another_makes_others(world: World, settings: Settings) -> None:
    sums = []
    for number in (7, 7, 8):
        await emptied(world.app)
        await sown(settings, number, pictures=2)
        sums.append(await checksums(world))
    assert sums[0] == sums[1]
    filled = {"users", "accounts", "follows", "posts", "media", "hashtags", "hashtagged", "author_counts"}
    assert {name for name in sums[0] if sums[0][name] != sums[2][name]} == filled


async def test_a_database_with_somebody_in_it_is_refused_and_stays_as_it_is(world: World, settings: Settings) -> None:
    await world.person("ana")
    before = await checksums(world)
    with pytest.raises(seed.CannotSeed, match="not empty"):
        await sown(settings)
    assert await checksums(world) == before


async def test_more_follows_than_there_are_pairs_are_refused(world: World, settings: Settings) -> None:
    with pytest.raises(seed.CannotSeed, match="20 follows"):
        await seed.fill(settings, users=5, follows=21, posts=0, seed=1)
    await seed.fill(settings, users=5, follows=20, posts=0, seed=1, pictures=0)
    assert await world.count(follows) == 20


async def test_the_command_refuses_in_one_line(world: World, environment: dict[str, str]) -> None:
    await world.person("ana")
    of_each = ("--users", "10", "--follows", "10", "--posts", "10")
    done = await asyncio.to_thread(photofeed, "seed", *of_each, **environment)
    assert done.returncode == 1
    assert re.fullmatch(r"photofeed: the database is not empty.*\n", done.stderr)


def ms(moment: Any) -> int:
    return round(float(moment.timestamp()) * 1000)
