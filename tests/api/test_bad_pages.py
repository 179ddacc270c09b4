"""Pages that cannot be: sizes out of range, cursors of no list or of another one, too many nodes."""

from functools import partial
from typing import Any

import pytest

from resolvers.feed import FEED
from rules.node_ids import encode
from tests.world import Person, World

QUERY = """query ($id: ID!, $first: Int, $after: String) {
  node(id: $id) { ... on %s { list: %s(first: $first, after: $after) { edges { cursor } } } }
}"""
QUERIES = {
    "feed": QUERY % ("Viewer", "feed"),
    "posts": QUERY % ("User", "posts"),
    "followers": QUERY % ("User", "followers"),
    "following": QUERY % ("User", "following"),
    "hashtag": QUERY % ("Hashtag", "posts"),
}


async def coast(world: World) -> tuple[Person, Person]:
    """Two who follow each other, with a post each by the sea: every list of theirs has something in it."""
    ana, ben = await world.person(), await world.person()
    await world.follow(ana, ben)
    await world.follow(ben, ana)
    for person in (ana, ben):
        await world.post(person, "#sea")
    return ana, ben


async def owner(world: World, name: str, person: Person) -> str:
    """The id of what has the list of this name."""
    if name == "hashtag":
        return str((await world.ask(None, '{ hashtag(name: "sea") { id } }'))["hashtag"]["id"])
    return encode("Viewer", person.row_id) if name == "feed" else person.id


async def edges(world: World, viewer: Person, name: str, of: Person, **page: Any) -> list[str]:
    """The cursors of a page."""
    found = await world.ask(viewer, QUERIES[name], id=await owner(world, name, of), **page)
    return [edge["cursor"] for edge in found["node"]["list"]["edges"]]


async def refusal(world: World, viewer: Person, name: str, of: Person, **page: Any) -> tuple[str, object]:
    """The code of the list's error, and what the query gives with it."""
    reply = await world.reply(viewer, QUERIES[name], id=await owner(world, name, of), **page)
    answer = reply.json()
    [error] = answer["errors"]
    assert (reply.status_code, error["path"]) == (200, ["node", "list"])
    return error["extensions"]["code"], answer["data"]


REFUSED = ("BAD_REQUEST", {"node": {"list": None}})


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
async def test_a_page_size_out_of_range_is_a_bad_request(world: World, first: int) -> None:
    ana, _ = await coast(world)
    for name in QUERIES:
        assert await refusal(world, ana, name, ana, first=first) == REFUSED


@pytest.mark.parametrize("first", [1, 100])
async def test_a_page_size_at_the_limit_is_taken(world: World, first: int) -> None:
    ana, _ = await coast(world)
    for name in QUERIES:
        assert 1 <= len(await edges(world, ana, name, ana, first=first)) <= first


async def test_a_list_that_is_refused_takes_nothing_else_with_it(world: World) -> None:
    ana = await world.person("ana")
    answer = (await world.reply(ana, "{ viewer { user { username } feed(first: 0) { edges { cursor } } } }")).json()
    assert answer["data"] == {"viewer": {"user": {"username": "ana"}, "feed": None}}


@pytest.mark.parametrize("after", ["", "0", "AAAA", "x" * 22, "A" * 22, "é", "a b", "=", "A" * 50_000])
async def test_a_malformed_cursor_is_a_bad_request(world: World, after: str) -> None:
    ana, _ = await coast(world)
    for name in QUERIES:
        assert await refusal(world, ana, name, ana, after=after) == REFUSED


async def test_a_cursor_that_was_tampered_with_is_a_bad_request(world: World) -> None:
    ana, _ = await coast(world)
    cursor = (await edges(world, ana, "feed", ana))[0]
    for tampered in (cursor[:-1], cursor + "A", cursor + "=", " " + cursor, cursor.swapcase(), cursor[::-1]):
        assert await refusal(world, ana, "feed", ana, after=tampered) == REFUSED


@pytest.mark.parametrize("name", QUERIES)
async def test_a_cursor_of_another_list_is_a_bad_request(world: World, name: str) -> None:
    ana, _ = await coast(world)
    cursor = (await edges(world, ana, name, ana))[0]
    await edges(world, ana, name, ana, after=cursor)
    for other in QUERIES.keys() - {name}:
        assert await refusal(world, ana, other, ana, after=cursor) == REFUSED


@pytest.mark.parametrize("name", ["posts", "followers", "following"])
async def test_a_cursor_of_another_persons_list_is_a_bad_request(world: World, name: str) -> None:
    ana, ben = await coast(world)
    bens = (await edges(world, ana, name, ben))[0]
    assert await refusal(world, ana, name, ana, after=bens) == REFUSED


async def test_a_cursor_of_another_persons_feed_is_a_place_in_ones_own(world: World) -> None:
    """All feeds are in the order of all publications."""
    ana, ben = await coast(world)
    await world.post(ana)
    bens, anas = (await edges(world, ben, "feed", ben))[0], await edges(world, ana, "feed", ana)
    place = partial(world.app.cursors.decode, FEED)
    below = [cursor for cursor in anas if place(cursor) < place(bens)]
    assert await edges(world, ana, "feed", ana, after=bens) == below != anas


async def test_a_list_that_all_see_alike_goes_on_for_another_viewer(world: World) -> None:
    ana, ben = await coast(world)
    anas = (await edges(world, ana, "posts", ana))[0]
    assert await edges(world, ben, "posts", ana, after=anas) == []


async def test_a_hundred_nodes_are_given_and_one_more_is_a_bad_request(world: World) -> None:
    ana = await world.person()
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await world.ask(ana, query, ids=[]) == {"nodes": []}
    assert (await world.ask(ana, query, ids=[ana.id] * 100))["nodes"] == [{"id": ana.id}] * 100
    answer = (await world.reply(ana, query, ids=[ana.id] * 101)).json()
    assert answer["data"] == {"nodes": None}
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [(["nodes"], "BAD_REQUEST")]
