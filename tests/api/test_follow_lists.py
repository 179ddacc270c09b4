"""Who follows whom, page by page: the newest follow first."""

from typing import Any

import pytest

from tests.world import Person, World

LIST = """query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on User {
  list: %s(first: $first, after: $after) {
    edges { cursor node { username } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
} } }"""
FOLLOWERS, FOLLOWING = LIST % "followers", LIST % "following"


async def page(world: World, query: str, of: Person, **given: Any) -> Any:
    return (await world.ask(None, query, id=of.id, **given))["node"]["list"]


def names(listed: Any) -> list[str]:
    return [edge["node"]["username"] for edge in listed["edges"]]


async def walk(world: World, query: str, of: Person, *, first: int) -> list[list[str]]:
    """The names on all pages."""
    pages, after = [], None
    while True:
        listed = await page(world, query, of, first=first, after=after)
        pages.append(names(listed))
        after = listed["pageInfo"]["endCursor"]
        if not listed["pageInfo"]["hasNextPage"]:
            return pages


async def crowd(world: World) -> tuple[Person, list[Person]]:
    """Somebody, and five who follow her and whom she follows, each in this order."""
    ana = await world.person("ana")
    five = [await world.person(f"fan{number}") for number in range(5)]
    for fan in five:
        await world.follow(fan, ana)
        await world.follow(ana, fan)
    return ana, five


@pytest.mark.parametrize("query", [FOLLOWERS, FOLLOWING])
async def test_the_latest_comes_first(world: World, query: str) -> None:
    ana, _ = await crowd(world)
    assert names(await page(world, query, ana)) == ["fan4", "fan3", "fan2", "fan1", "fan0"]


@pytest.mark.parametrize("query", [FOLLOWERS, FOLLOWING])
async def test_pages_give_everybody_once(world: World, query: str) -> None:
    ana, _ = await crowd(world)
    assert await walk(world, query, ana, first=2) == [["fan4", "fan3"], ["fan2", "fan1"], ["fan0"]]
    assert await walk(world, query, ana, first=5) == [["fan4", "fan3", "fan2", "fan1", "fan0"]]


@pytest.mark.parametrize("query", [FOLLOWERS, FOLLOWING])
async def test_a_page_says_where_it_stands(world: World, query: str) -> None:
    ana, _ = await crowd(world)
    first = await page(world, query, ana, first=2)
    cursors = [edge["cursor"] for edge in first["edges"]]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": cursors[0],
        "endCursor": cursors[1],
    }
    second = await page(world, query, ana, first=3, after=cursors[1])
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)


async def test_a_list_of_nobody_is_empty(world: World) -> None:
    listed = await page(world, FOLLOWERS, await world.person())
    assert listed["edges"] == []
    assert listed["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize("query", [FOLLOWERS, FOLLOWING])
async def test_a_place_outlives_whom_it_names(world: World, query: str) -> None:
    ana, five = await crowd(world)
    after = (await page(world, query, ana, first=2))["pageInfo"]["endCursor"]
    await world.unfollow(ana, five[3])
    await world.unfollow(five[3], ana)
    newcomer = await world.person("newcomer")
    await world.follow(newcomer, ana)
    await world.follow(ana, newcomer)
    assert names(await page(world, query, ana, after=after)) == ["fan2", "fan1", "fan0"]
    assert names(await page(world, query, ana)) == ["newcomer", "fan4", "fan2", "fan1", "fan0"]


@pytest.mark.parametrize("query", [FOLLOWERS, FOLLOWING])
async def test_who_follows_again_comes_first_again(world: World, query: str) -> None:
    ana, five = await crowd(world)
    for one, other in ((ana, five[1]), (five[1], ana)):
        await world.unfollow(one, other)
        await world.follow(one, other)
    assert names(await page(world, query, ana)) == ["fan1", "fan4", "fan3", "fan2", "fan0"]


async def test_lists_of_many_people_are_not_mixed_up(world: World) -> None:
    _, five = await crowd(world)
    await world.follow(five[0], five[1])
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User {
      username followers(first: 1) { edges { node { username } } } following { edges { node { username } } }
    } } }"""
    found = (await world.ask(None, query, ids=[fan.id for fan in five]))["nodes"]
    assert [names(user["followers"]) for user in found] == [["ana"], ["fan0"], ["ana"], ["ana"], ["ana"]]
    assert [names(user["following"]) for user in found] == [["fan1", "ana"], ["ana"], ["ana"], ["ana"], ["ana"]]
