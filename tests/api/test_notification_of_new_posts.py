"""New posts of those whom one follows, in the inbox: one entry for each author and day, though nobody stored it."""

import time
from itertools import count

from stores.ids import floor_of
from stores.postgres.tables import activities, notifications
from tests.inboxes import Told, like, nodes, page, told, unread, walk
from tests.world import Person, World, row_id

DAY_MS = 24 * 3600 * 1000
TODAY = int(time.time()) // (24 * 3600) - 1
"""A whole day that is over, since 1970-01-01."""
_numbers = count()


async def published(world: World, author: Person, day: int, hour: int = 12) -> str:
    """A post of a day gone by, for tests in which nobody has read his feed before the last one; gives its id."""
    post = await world.post(author)
    await world.run_jobs()
    moment_ms = day * DAY_MS + hour * 3600 * 1000 + next(_numbers)
    await world.sql(
        "update posts set feed_id = :feed_id, published_at = to_timestamp(:seconds) where id = :id",
        feed_id=floor_of(moment_ms),
        seconds=moment_ms / 1000,
        id=row_id(post),
    )
    return post


async def reader(world: World, *names: str) -> tuple[Person, list[Person]]:
    """Somebody and those whom he follows."""
    ana, authors = await world.person("ana"), [await world.person(name) for name in names]
    for author in authors:
        await world.follow(ana, author)
    return ana, authors


async def test_every_follower_is_told_and_nothing_is_stored(world: World) -> None:
    ana, [ben] = await reader(world, "ben")
    eva = await world.person("eva")
    await world.follow(eva, ben)
    post = await world.post(ben)
    await world.run_jobs()
    stored = [await world.count(table) for table in (activities, notifications)]
    for who in (ana, eva):
        assert await told(world, who) == [Told("NEW_POST", ["ben"], 1, post)]
    assert [one.kind for one in await told(world, ben)] == ["FOLLOW"]
    assert [await world.count(table) for table in (activities, notifications)] == stored == [2, 1]


async def test_posts_of_a_day_are_one_entry_at_the_place_of_the_newest(world: World) -> None:
    ana, [ben, eva] = await reader(world, "ben", "eva")
    for author in (ben, eva, ben):
        newest = await world.post(author)
        entries = await nodes(world, ana)
        assert entries[0]["post"]["id"] == newest
    assert [entry["actors"][0]["username"] for entry in entries] == ["ben", "eva"]


async def test_each_day_has_its_own_in_utc(world: World) -> None:
    ana, [ben] = await reader(world, "ben")
    days = [(TODAY - 2, 23), (TODAY - 1, 0), (TODAY - 1, 23), (TODAY, 0)]
    posts = [await published(world, ben, day, hour) for day, hour in days]
    entries = await nodes(world, ana)
    assert [entry["post"]["id"] for entry in entries] == [posts[3], posts[2], posts[0]]
    assert len({entry["id"] for entry in entries}) == 3


async def test_an_entry_keeps_its_id_while_it_grows(world: World) -> None:
    ana, [ben] = await reader(world, "ben")
    await published(world, ben, TODAY, 8)
    [before] = await nodes(world, ana)
    await published(world, ben, TODAY, 9)
    await world.app.deps.timelines.drop(ana.row_id)
    [after] = await nodes(world, ana)
    assert (after["id"], after["post"] == before["post"]) == (before["id"], False)


async def test_an_entry_goes_with_its_posts_and_with_the_follow(world: World) -> None:
    ana, [ben] = await reader(world, "ben")
    first, second = await world.post(ben), await world.post(ben)
    assert await told(world, ana) == [Told("NEW_POST", ["ben"], 1, second)]
    await world.delete(ben, second)
    assert await told(world, ana) == [Told("NEW_POST", ["ben"], 1, first)]
    await world.unfollow(ana, ben)
    assert await told(world, ana) == []
    await world.follow(ana, ben)
    assert await told(world, ana) == [Told("NEW_POST", ["ben"], 1, first)]
    await world.delete(ben, first)
    assert await told(world, ana) == []


async def test_nobody_is_told_of_his_own_posts(world: World) -> None:
    ana, _ = await reader(world, "ben")
    await world.post(ana)
    assert await told(world, ana) == []


async def test_pages_of_any_size_are_the_whole_without_repeats(world: World) -> None:
    """Authors who post many times a day, on several days, in turns; likes among them."""
    ana, authors = await reader(world, "ben", "eva", "dan")
    own = await world.post(ana)
    for day in (TODAY - 2, TODAY - 1, TODAY):
        for hour in range(8):
            await published(world, authors[hour % 2], day, hour)
        await published(world, authors[2], day)
    for author in authors:
        await like(world, author, await world.post(ana) if author is authors[0] else own)
        await world.run_jobs()
    whole = await nodes(world, ana)
    assert [node["kind"] for node in whole] == ["POST_LIKED"] * 2 + ["NEW_POST"] * 9
    assert len({node["id"] for node in whole}) == 11
    for first in range(1, 13):
        assert await walk(world, ana, first=first) == whole


async def test_who_posts_very_much_hides_nobody(world: World) -> None:
    ana, [ben, eva] = await reader(world, "ben", "eva")
    evas = await published(world, eva, TODAY, 1)
    bens = [await published(world, ben, TODAY, 2) for _ in range(40)]
    assert [node["post"]["id"] for node in await walk(world, ana, first=1)] == [bens[-1], evas]


async def test_a_post_published_meanwhile_is_above_the_page_and_no_older_one_comes_for_it(world: World) -> None:
    ana, [ben, eva] = await reader(world, "ben", "eva")
    await published(world, ben, TODAY, 1)
    evas = await published(world, eva, TODAY, 2)
    first = await page(world, ana, first=1)
    assert first["edges"][0]["node"]["post"]["id"] == evas
    await published(world, ben, TODAY, 3)
    await world.app.deps.timelines.drop(ana.row_id)
    rest = await page(world, ana, first=5, after=first["pageInfo"]["endCursor"])
    assert (rest["edges"], rest["pageInfo"]["hasNextPage"]) == ([], False)


async def test_what_is_older_than_notifications_are_kept_is_not_told(world: World) -> None:
    ana, [ben] = await reader(world, "ben")
    kept_days = world.app.deps.settings.notifications_kept_s // (24 * 3600)
    kept = await published(world, ben, TODAY - kept_days + 3)
    await published(world, ben, TODAY - kept_days - 2)
    assert [entry["post"]["id"] for entry in await walk(world, ana, first=1)] == [kept]
    assert await unread(world, ana) == 1
