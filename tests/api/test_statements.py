"""Reads ask the stores as often whatever the size of their pages and the number of accounts: both are counted."""

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.bulk import add_follows, add_people, add_posts
from tests.counting import Asked, counting
from tests.world import Person, World

CARD = """fragment Card on User {
  id username displayName bio postCount followerCount followingCount viewerIsFollowing isFollowingViewer isViewer
}"""
POST = (
    """fragment Full on Post {
  id caption hashtags location { name } status createdAt publishedAt editedAt
  author { ...Card } mentions { ...Card }
  media { id width height blurhash altText url thumbnail: url(rendition: THUMBNAIL) }
} """
    + CARD
)
FEED = (
    """query ($first: Int, $after: String) { viewer { feed(first: $first, after: $after) {
  edges { cursor node { ...Full } } pageInfo { endCursor hasNextPage }
} } } """
    + POST
)
LISTS = {
    "posts": (10, "{ ...Full }", POST),
    "followers": (14, "{ ...Card posts(first: 3) { edges { node { ...Full } } } }", POST),
    "following": (12, "{ ...Card followers(first: 3) { edges { node { ...Card } } } }", CARD),
}
"""Lists of a profile: the statements that a page takes, what is asked of its nodes, and the fragments for that."""

SIZES = (5, 20, 100)


async def test_a_feed_page_from_a_timeline_takes_seven_statements_and_one_round_trip(world: World) -> None:
    """The session with the standing; a look; posts with authors, where they are not known; media, counts, mentions."""
    for followees in (10, 2_000):
        ben = await reader_of(world, followees)
        for first in SIZES:
            for after in (None, await cursor_after(world, ben, 30)):
                assert_most(await feed_page(world, ben, first, after), 7)


async def test_a_feed_page_without_a_timeline_takes_a_statement_less(world: World) -> None:
    for followees in (10, 2_000):
        ben = await reader_of(world, followees)
        for first in SIZES:
            await world.app.deps.timelines.drop(ben.row_id)
            assert_most(await feed_page(world, ben, first), 6)


async def test_a_feed_page_below_the_floor_of_its_timeline_takes_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.app.deps.timelines, "limits", world.app.deps.timelines.limits._replace(cap=10))
    ben = await reader_of(world, 20)
    for first in SIZES:
        assert_most(await feed_page(world, ben, first), 7)


@pytest.mark.parametrize("name", LISTS)
async def test_a_profiles_list_with_lists_in_it_takes_one_statement_for_each_level(world: World, name: str) -> None:
    """Sessions, the profile with its counts, flags and who follows back; then for each level pages, rows, edges."""
    ana, ben = await world.person("ana"), await world.person("ben")
    followers, followees, strangers = [await add_people(world, count) for count in (100, 100, 2)]
    await add_follows(world, [ana.row_id], followees)
    await add_follows(world, followers, [ana.row_id, *followees])
    await add_posts(world, [ana.row_id] * 100 + followers * 4, mention_ids=strangers)
    statements, nodes, fragments = LISTS[name]
    of_profile = f"...Card ... on User {{ {name}(first: $first) {{ edges {{ node {nodes} }} }} }}"
    query = f"query ($id: ID!, $first: Int) {{ node(id: $id) {{ {of_profile} }} }} {fragments}"
    for first in SIZES:
        with counting(world) as asked:
            page = (await world.ask(ben, query, id=ana.id, first=first))["node"][name]
        assert len(page["edges"]) == first
        assert asked.counts == (statements, 0), told(asked)


async def reader_of(world: World, followees: int) -> Person:
    """Somebody who follows so many, with 150 posts and a timeline."""
    ben = await world.person()
    authors = await add_people(world, followees)
    await add_follows(world, [ben.row_id], authors)
    await add_posts(world, (authors * 15)[:150], mention_ids=await add_people(world, 2))
    await world.feed(ben)
    await world.app.deps.upkeep.done()
    return ben


async def cursor_after(world: World, viewer: Person, count: int) -> str:
    return str((await world.page(viewer, first=count))["pageInfo"]["endCursor"])


async def feed_page(world: World, viewer: Person, first: int, after: str | None = None) -> Asked:
    with counting(world) as asked:
        data = await world.ask(viewer, FEED, first=first, after=after)
    await world.app.deps.upkeep.done()
    edges = data["viewer"]["feed"]["edges"]
    assert len(edges) == first
    assert all(edge["node"]["author"]["viewerIsFollowing"] and edge["node"]["media"] for edge in edges)
    return asked


def assert_most(asked: Asked, statements: int) -> None:
    """So many, or fewer where rows are known; and one round trip to Redis."""
    assert len(asked.statements) <= statements, told(asked)
    assert len(asked.round_trips) == 1


def told(asked: Asked) -> str:
    """Each statement and how often it was made, for the person who reads the failure."""
    return "\n".join(f"{times} x {' '.join(statement.split())[:150]}" for statement, times in tally(asked.statements))


def tally(statements: Sequence[str]) -> list[tuple[str, int]]:
    return Counter(statements).most_common()
