"""An entry of an inbox, fetched again by its global id."""

import pytest

from rules.node_ids import encode
from tests.inboxes import NODE, Told, entry, liked, nodes, people
from tests.world import World


async def test_an_entry_is_a_node_of_its_recipient_alone(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ana, eva)
    post = await world.post(eva)
    await liked(world, ana, ben)
    liked_one, new_post = await nodes(world, ana)
    assert (await world.ask(ana, NODE, id=liked_one["id"]))["node"] == liked_one
    assert (await world.ask(ana, NODE, id=new_post["id"]))["node"] == new_post
    assert entry(new_post) == Told("NEW_POST", ["eva"], 1, post)
    for other in (ben, eva, None):
        assert (await world.ask(other, NODE, id=liked_one["id"]))["node"] is None
        assert (await world.ask(other, NODE, id=new_post["id"]))["node"] is None


async def test_an_entry_that_is_gone_is_no_node(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    await world.follow(ana, eva)
    await world.post(eva)
    [post] = await liked(world, ana, ben)
    ids = [node["id"] for node in await nodes(world, ana)]
    await world.unfollow(ana, eva)
    await world.delete(ana, post)
    for id_ in ids:
        assert (await world.ask(ana, NODE, id=id_))["node"] is None


@pytest.mark.parametrize("day", [0, 19_000, 10**6, 2**63 - 1, 2**63, -1])
async def test_a_day_on_which_nothing_can_be_is_no_node(world: World, day: int) -> None:
    ana = await world.person()
    for name in ("Notification", "Post", "Nothing"):
        assert (await world.ask(ana, NODE, id=encode(name, ana.row_id, day)))["node"] is None
