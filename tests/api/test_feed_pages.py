"""The home feed page by page, at rest and while others post and delete."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from rules.node_ids import encode
from stores.postgres.tables import posts
from tests.bulk import add_follows, add_people, add_posts
from tests.world import Person, World, row_id

SEED = 7


async def walk(world: World, viewer: Person, first: int) -> AsyncIterator[tuple[list[str], Any]]:
    """The ids of each page, with its `pageInfo`, to the end."""
    page_info: Any = {"endCursor": None, "hasNextPage": True}
    while page_info["hasNextPage"]:
        page = await world.page(viewer, first=first, after=page_info["endCursor"])
        page_info = page["pageInfo"]
        yield [edge["node"]["id"] for edge in page["edges"]], page_info


async def posted(world: World, count: int) -> tuple[Person, Person, list[str]]:
    """An author, a follower, and posts as they stand in the follower's feed."""
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    ids = await add_posts(world, [ana.row_id] * count)
    return ana, ben, [encode("Post", id_) for id_ in reversed(ids)]


@pytest.mark.parametrize("first", [1, 3, 4, 11, 12, 13, 100])
async def test_the_pages_together_are_the_feed_without_repeats(world: World, first: int) -> None:
    _, ben, ids = await posted(world, 12)
    pages = [page async for page, _ in walk(world, ben, first)]
    assert [id_ for page in pages for id_ in page] == ids
    assert all(len(page) == first for page in pages[:-1])


@pytest.mark.parametrize(("first", "more"), [(1, True), (3, True), (4, False), (5, False)])
async def test_there_is_a_next_page_exactly_while_something_remains(world: World, first: int, more: bool) -> None:
    _, ben, ids = await posted(world, 4)
    page = await world.page(ben, first=first)
    assert page["pageInfo"] == {"hasNextPage": more, "endCursor": page["edges"][-1]["cursor"]}
    assert [edge["node"]["id"] for edge in page["edges"]] == ids[:first]


async def test_there_is_no_next_page_when_only_deleted_posts_follow(world: World) -> None:
    ana, ben, ids = await posted(world, 6)
    for post_id in ids[2:]:
        await world.delete(ana, post_id)
    assert (await world.page(ben, first=2))["pageInfo"]["hasNextPage"] is False


async def test_each_edges_cursor_goes_on_right_after_it(world: World) -> None:
    _, ben, ids = await posted(world, 5)
    edges = (await world.page(ben))["edges"]
    for place, edge in enumerate(edges, 1):
        assert [e["node"]["id"] for e in (await world.page(ben, after=edge["cursor"]))["edges"]] == ids[place:]


async def test_a_cursor_survives_the_deletion_of_what_it_names(world: World) -> None:
    ana, ben, ids = await posted(world, 5)
    cursor = (await world.page(ben, first=2))["pageInfo"]["endCursor"]
    await world.delete(ana, ids[1])
    await world.run_jobs()
    assert [edge["node"]["id"] for edge in (await world.page(ben, after=cursor))["edges"]] == ids[2:]


async def test_a_cursor_survives_unfollowing_the_author_of_what_it_names(world: World) -> None:
    ana, ben, _ = await posted(world, 2)
    own = await world.post(ben)
    await add_posts(world, [ana.row_id])
    cursor = (await world.page(ben, first=1))["pageInfo"]["endCursor"]
    await world.unfollow(ben, ana)
    assert [edge["node"]["id"] for edge in (await world.page(ben, after=cursor))["edges"]] == [own]


async def test_new_posts_move_nothing_to_later_pages(world: World) -> None:
    ana, ben, ids = await posted(world, 4)
    cursor = (await world.page(ben, first=2))["pageInfo"]["endCursor"]
    await world.post(ana)
    assert [edge["node"]["id"] for edge in (await world.page(ben, after=cursor))["edges"]] == ids[2:]


async def test_a_walk_while_others_post_and_delete_misses_nothing_and_repeats_nothing(world: World) -> None:
    """1,000 posts of ten authors in pages of 7. At the end each one that nobody deleted was served exactly once."""
    authors = [await world.person() for _ in range(10)]
    ben = await world.person("ben")
    strangers = await add_people(world, 20)
    await add_follows(world, [ben.row_id], [author.row_id for author in authors])
    chosen = random.Random(SEED)
    by = chosen.choices(authors, k=1_000)
    ids = [encode("Post", id_) for id_ in await add_posts(world, [author.row_id for author in by])]
    await add_posts(world, strangers)
    gone: dict[str, None] = {}
    served: list[str] = []
    is_over = asyncio.Event()

    async def keep_posting() -> None:
        while not is_over.is_set():
            await world.post(chosen.choice(authors))

    async def keep_deleting() -> None:
        for author, post_id in chosen.sample(list(zip(by, ids, strict=True)), k=400):
            if is_over.is_set():
                return
            await world.delete(author, post_id)
            gone[post_id] = None

    others: list[asyncio.Task[None]] = []
    gone_before = set(gone)
    async for page, _ in walk(world, ben, 7):
        if not others:  # from the first page on, so that none of their posts belongs to the walk
            others = [asyncio.create_task(work) for work in (keep_posting(), keep_posting(), keep_deleting())]
        assert not gone_before & set(page), "a post was served after its deletion was acknowledged"
        served += page
        gone_before = set(gone)
    is_over.set()
    await asyncio.gather(*others)

    assert len(gone) > 50
    assert await world.count(posts) > 1_050
    assert [id_ for id_ in served if id_ not in gone] == [id_ for id_ in reversed(ids) if id_ not in gone]
    assert len(set(served)) == len(served)
    assert await is_descending(world, served)


async def is_descending(world: World, post_ids: Sequence[str]) -> bool:
    """Whether each was published before the one above it."""
    async with world.app.deps.database.read() as connection:
        rows = await connection.execute(select(posts.c.id, posts.c.feed_id))
    place = {row.id: row.feed_id for row in rows}
    places = [place[row_id(post_id)] for post_id in post_ids]
    return places == sorted(places, reverse=True)
