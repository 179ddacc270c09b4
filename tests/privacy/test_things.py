"""Every thing of an account, asked for by its id or name: there for whom it is, and for nobody else."""

from typing import Any, NamedTuple

import pytest

from tests.privacy.asking import answered, document, ghost
from tests.privacy.matrix import Cell, cells
from tests.privacy.town import Town

pytestmark = pytest.mark.xdist_group("privacy")

QUERIES = {
    "node": "query ($id: ID!) { found: node(id: $id) { ...Anything } }",
    "nodes": "query ($id: ID!) { nodes(ids: [$id, $id]) { ...Anything } }",
    "post": "query ($id: ID!) { found: post(id: $id) { ...Whole } }",
    "user": "query ($id: String!) { found: user(username: $id) { ...Profile posts { edges { node { ...Whole } } } } }",
}


class Thing(NamedTuple):
    """`row`: of the matrix."""

    row: str
    ways: tuple[str, ...]


THINGS = {
    "user": Thing("card", ("node", "nodes")),
    "username": Thing("card", ("user",)),
    "post": Thing("content", ("post", "node", "nodes")),
    "picture": Thing("content", ("node", "nodes")),
    "said": Thing("content", ("node", "nodes")),
    "left": Thing("content", ("node",)),
    "remark": Thing("card", ("node", "nodes")),
    "draft": Thing("draft", ("post", "node", "nodes")),
    "draft picture": Thing("draft", ("node", "nodes")),
    "spare picture": Thing("draft", ("node", "nodes")),
    "news": Thing("news", ("node", "nodes")),
    "told": Thing("own things", ("node", "nodes")),
    "viewer": Thing("own things", ("node", "nodes")),
}
EVERY = [
    pytest.param(thing, way, cell, id=f"{thing} of {cell.kind} by {way} for {cell.viewer}")
    for thing, of in THINGS.items()
    for way in of.ways
    for cell in cells(of.row)
]


def id_of(town: Town, thing: str, cell: Cell) -> str:
    account = town.accounts[cell.kind]
    if thing == "username":
        return account.owner
    return account.left.get(cell.viewer, account.ids["said"]) if thing == "left" else account.ids[thing]


async def found(town: Town, viewer: str | None, way: str, id_: str) -> tuple[Any, int]:
    return await answered(town, viewer, document(QUERIES[way]), id=id_)


@pytest.mark.parametrize("caches", ["cold", "warm"])
@pytest.mark.parametrize(("thing", "way", "cell"), EVERY)
async def test_a_thing(town: Town, thing: str, way: str, cell: Cell, caches: str) -> None:
    """What is not for the viewer is answered as what never was, with as many statements."""
    await town.turn(caches)
    viewer, id_ = town.viewer(cell.viewer, cell.kind), id_of(town, thing, cell)
    answer, statements = await found(town, viewer, way, id_)
    assert "errors" not in answer
    shown = answer["data"]["nodes"][1] if way == "nodes" else answer["data"]["found"]
    if cell.answer == "no":
        assert shown is None
        assert (answer, statements) == await found(town, viewer, way, ghost(id_))
    else:
        assert id_ in (shown["id"], shown.get("username"))


@pytest.mark.parametrize("caches", ["cold", "warm"])
@pytest.mark.parametrize("cell", cells("content"), ids=lambda cell: f"{cell.kind} for {cell.viewer}")
async def test_a_profile(town: Town, cell: Cell, caches: str) -> None:
    """To whom an account shows its card only, biography and lists are null; its counts are its owner's."""
    await town.turn(caches)
    owner, viewer = town.accounts[cell.kind].owner, town.viewer(cell.viewer, cell.kind)
    answer, _ = await found(town, viewer, "user", owner)
    profile, own = answer["data"]["found"], (await found(town, owner, "user", owner))[0]["data"]["found"]
    if not town.sees_card(viewer, owner):
        assert profile is None
        return
    content = [profile[name] for name in ("bio", "posts", "followers", "following")]
    assert all(content) if cell.answer == "yes" else content == [None] * 4
    for name in ("username", "displayName", "isPrivate", "createdAt", "postCount", "followerCount", "followingCount"):
        assert profile[name] == own[name]


@pytest.mark.parametrize("row", ["card", "content"])
async def test_the_town_judges_as_the_matrix_does(town: Town, row: str) -> None:
    """So its judgement of what stands in lists is the matrix's."""
    may_see = {"card": town.sees_card, "content": town.sees_content}[row]
    judged = {cell: may_see(town.viewer(cell.viewer, cell.kind), town.accounts[cell.kind].owner) for cell in cells(row)}
    assert judged == {cell: cell.answer == "yes" for cell in cells(row)}
