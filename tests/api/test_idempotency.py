"""The same key from the same account within 24 hours gives the first call's post again."""

import asyncio
from typing import Any

import pytest

from jobs import housekeeping
from stores.postgres.tables import idempotency_keys, outbox, posts
from tests.world import CREATE_POST, World

KEY = "b1f6c0de-key"


async def draft(world: World, author: Any, **given: Any) -> dict[str, Any]:
    return {"mediaIds": [await world.picture(author)], "caption": "#sea", "idempotencyKey": KEY, **given}


async def hours_pass(world: World, hours: float) -> None:
    await world.sql("update idempotency_keys set created_at = created_at - make_interval(secs => :s)", s=hours * 3_600)


async def test_the_same_again_gives_the_same_post_and_changes_nothing(world: World) -> None:
    ana = await world.person()
    given = await draft(world, ana, tags=["sun"], location={"name": "Porto"})
    first = await world.do(ana, CREATE_POST, input=given)
    async with world.unchanged():
        assert await world.do(ana, CREATE_POST, input=given) == first


async def test_the_same_twenty_times_at_once_is_one_post(world: World) -> None:
    ana = await world.person()
    given = await draft(world, ana)
    answers = await asyncio.gather(*(world.do(ana, CREATE_POST, input=given) for _ in range(20)))
    assert len({answer["post"]["id"] for answer in answers}) == 1
    assert [await world.count(table) for table in (posts, outbox, idempotency_keys)] == [1, 1, 1]
    tagged = await world.ask(None, '{ hashtag(name: "sea") { postCount } }')
    assert tagged["hashtag"] == {"postCount": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"caption": "#sea "},
        {"caption": None},
        {"tags": ["sun"]},
        {"location": {"name": "Porto"}},
    ],
    ids=str,
)
async def test_other_words_with_the_same_key_are_a_conflict(world: World, change: dict[str, Any]) -> None:
    ana = await world.person()
    given = await draft(world, ana)
    await world.do(ana, CREATE_POST, input=given)
    async with world.unchanged():
        assert await world.faults(ana, CREATE_POST, input=given | change) == [("CONFLICT", ["idempotencyKey"])]


async def test_other_pictures_with_the_same_key_are_a_conflict(world: World) -> None:
    ana = await world.person()
    await world.do(ana, CREATE_POST, input=await draft(world, ana))
    another = await draft(world, ana)
    async with world.unchanged():
        assert await world.faults(ana, CREATE_POST, input=another) == [("CONFLICT", ["idempotencyKey"])]


async def test_another_persons_key_is_another_key(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    anas = await world.do(ana, CREATE_POST, input=await draft(world, ana))
    bens = await world.do(ben, CREATE_POST, input=await draft(world, ben))
    assert anas["post"]["id"] != bens["post"]["id"]
    assert await world.count(posts) == 2


async def test_without_a_key_each_call_makes_a_post(world: World) -> None:
    ana = await world.person()
    made = [await world.do(ana, CREATE_POST, input=await draft(world, ana, idempotencyKey=None)) for _ in range(2)]
    assert len({answer["post"]["id"] for answer in made}) == 2


async def test_a_key_whose_post_was_not_made_is_free(world: World) -> None:
    ana = await world.person()
    given = await draft(world, ana)
    bad = given | {"mediaIds": [await world.picture(await world.person())]}
    async with world.unchanged():
        assert await world.faults(ana, CREATE_POST, input=bad) == [("NOT_FOUND", ["mediaIds"])]
    assert (await world.do(ana, CREATE_POST, input=given))["post"]


async def test_a_key_is_kept_for_24_hours(world: World) -> None:
    ana = await world.person()
    given = await draft(world, ana)
    first = await world.do(ana, CREATE_POST, input=given)
    await hours_pass(world, 23.9)
    await housekeeping.collect(world.app.deps)
    assert await world.do(ana, CREATE_POST, input=given) == first


@pytest.mark.parametrize("collected", [True, False])
async def test_a_key_is_free_again_after_24_hours(world: World, collected: bool) -> None:
    ana = await world.person()
    first = await world.do(ana, CREATE_POST, input=await draft(world, ana))
    await hours_pass(world, 24.1)
    if collected:
        await housekeeping.collect(world.app.deps)
        assert await world.count(idempotency_keys) == 0
    given = await draft(world, ana, caption="Another day")
    second = await world.do(ana, CREATE_POST, input=given)
    assert second["post"]["id"] != first["post"]["id"]
    assert await world.do(ana, CREATE_POST, input=given) == second


async def test_a_post_that_was_deleted_is_not_made_again(world: World) -> None:
    ana = await world.person()
    given = await draft(world, ana)
    first = await world.do(ana, CREATE_POST, input=given)
    await world.delete(ana, first["post"]["id"])
    async with world.unchanged():
        assert await world.faults(ana, CREATE_POST, input=given) == [("NOT_FOUND", None)]
