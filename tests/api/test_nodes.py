"""Whatever has a global id is found by it again, in the order in which it is asked for."""

from typing import Any

from rules.node_ids import encode
from tests.world import Person, World

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
EVERYTHING = """query ($id: ID!) {
  viewer { id user { id } sessions { id } }
  post(id: $id) { id author { id } media { id } }
  hashtag(name: "sea") { id }
}"""


async def nodes(world: World, viewer: Person | None, ids: list[str]) -> list[Any]:
    return list((await world.ask(viewer, NODES, ids=ids))["nodes"])


async def test_every_id_leads_back_to_what_had_it(world: World) -> None:
    ana = await world.person()
    found = await world.ask(ana, EVERYTHING, id=await world.post(ana, "#sea"))
    viewer, post, hashtag = found["viewer"], found["post"], found["hashtag"]
    ids = {
        "Viewer": viewer["id"],
        "User": viewer["user"]["id"],
        "Post": post["id"],
        "Media": post["media"][0]["id"],
        "Hashtag": hashtag["id"],
    }
    assert post["author"]["id"] == viewer["user"]["id"] == ana.id
    expected = [{"__typename": type_name, "id": id_} for type_name, id_ in ids.items()]
    assert await nodes(world, ana, list(ids.values())) == expected
    for node in expected:
        assert await world.ask(ana, "query ($id: ID!) { node(id: $id) { __typename id } }", id=node["id"]) == {
            "node": node
        }


async def test_nodes_come_in_order_with_null_for_what_is_not_there(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    post_id = await world.post(ana)
    deleted = await world.post(ana)
    await world.delete(ana, deleted)
    asked = [post_id, deleted, ben.id, "nonsense", post_id, encode("Post", 7), ana.id, ""]
    found = [node and node["id"] for node in await nodes(world, None, asked)]
    assert found == [post_id, None, ben.id, None, post_id, None, ana.id, None]


async def test_what_one_viewer_alone_may_see_is_null_for_others(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    picture = await world.picture(ana, status="PROCESSING")
    ids = [await world.post(ana, mediaIds=[picture]), picture, encode("Viewer", ana.row_id)]
    assert [node and node["id"] for node in await nodes(world, ana, ids)] == ids
    for stranger in (ben, None):
        assert await nodes(world, stranger, ids) == [None, None, None]


async def test_a_session_has_an_id_and_is_no_node(world: World) -> None:
    ana = await world.person()
    [session] = (await world.ask(ana, "{ viewer { sessions { id } } }"))["viewer"]["sessions"]
    assert await nodes(world, ana, [session["id"]]) == [None]
