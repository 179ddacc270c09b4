"""Posts that cannot be made of what was given: nothing is stored, nothing announced."""

import asyncio
from typing import Any

import pytest

from rules.node_ids import encode
from stores.postgres.tables import posts
from tests.world import CREATE_POST, World


async def faults(world: World, who: Any, media_ids: list[str], **given: Any) -> list[tuple[str, list[str] | None]]:
    """Of a post that is not made; checked to change nothing."""
    async with world.unchanged():
        return await world.faults(who, CREATE_POST, input={"mediaIds": media_ids, **given})


async def test_a_caption_of_2_201_characters_is_too_long(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    assert await faults(world, ana, [picture], caption="x" * 2_201) == [("TOO_LONG", ["caption"])]


async def test_a_caption_of_2_200_characters_is_stored_as_it_is(world: World) -> None:
    ana = await world.person()
    caption = "🌅" * 2_199 + "é"
    post_id = await world.post(ana, caption)
    found = await world.ask(ana, "query ($id: ID!) { post(id: $id) { caption } }", id=post_id)
    assert found["post"]["caption"] == caption


async def test_a_post_without_pictures_is_too_short(world: World) -> None:
    assert await faults(world, await world.person(), []) == [("TOO_SHORT", ["mediaIds"])]


async def test_eleven_pictures_are_too_many(world: World) -> None:
    ana = await world.person()
    pictures = [await world.picture(ana) for _ in range(11)]
    assert await faults(world, ana, pictures) == [("TOO_MANY", ["mediaIds"])]
    assert await world.post(ana, mediaIds=pictures[:10])


async def test_a_picture_of_somebody_else_is_not_found(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    own, bens = await world.picture(ana), await world.picture(ben)
    assert await faults(world, ana, [own, bens]) == [("NOT_FOUND", ["mediaIds"])]


async def test_the_same_picture_twice_in_a_post_is_invalid(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    assert await faults(world, ana, [picture, picture]) == [("INVALID", ["mediaIds"])]


async def test_a_picture_of_another_post_is_invalid(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    await world.post(ana, mediaIds=[picture])
    assert await faults(world, ana, [picture]) == [("INVALID", ["mediaIds"])]


async def test_of_ten_posts_at_once_with_the_same_picture_one_is_made(world: World) -> None:
    ana = await world.person()
    draft = {"mediaIds": [await world.picture(ana)]}
    answers = await asyncio.gather(*(world.faults(ana, CREATE_POST, input=draft) for _ in range(10)))
    assert sorted(answers) == [[], *[[("INVALID", ["mediaIds"])]] * 9]
    assert await world.count(posts) == 1


async def test_a_picture_that_has_not_arrived_is_not_ready(world: World) -> None:
    ana = await world.person()
    pictures = [await world.picture(ana), await world.picture(ana, status="PENDING")]
    assert await faults(world, ana, pictures) == [("NOT_READY", ["mediaIds"])]


async def test_a_picture_that_failed_is_invalid(world: World) -> None:
    ana = await world.person()
    assert await faults(world, ana, [await world.picture(ana, status="FAILED")]) == [("INVALID", ["mediaIds"])]


@pytest.mark.parametrize("tag", ["", "#", "two words", "a-b", "a,b", "2026", "_", "12_3", "🌅", "##sea", "x" * 101])
async def test_a_tag_that_is_no_word_is_invalid(world: World, tag: str) -> None:
    ana = await world.person()
    assert await faults(world, ana, [await world.picture(ana)], tags=["sea", tag]) == [("INVALID", ["tags"])]


async def test_31_hashtags_are_too_many_wherever_they_stand(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    names = [f"t{number}" for number in range(31)]
    caption = " ".join(f"#{name}" for name in names[:16])
    assert await faults(world, ana, [picture], caption=caption, tags=names[16:]) == [("TOO_MANY", ["tags"])]
    assert await world.post(ana, mediaIds=[picture], caption=caption, tags=names[:30])


BEYOND = [
    ({"latitude": 90.001, "longitude": 0}, ["location", "latitude"]),
    ({"latitude": -91, "longitude": 0}, ["location", "latitude"]),
    ({"latitude": 0, "longitude": 180.5}, ["location", "longitude"]),
    ({"latitude": 0, "longitude": -1e300}, ["location", "longitude"]),
    ({"latitude": 41.1}, ["location"]),
    ({"longitude": 8.6}, ["location"]),
]


@pytest.mark.parametrize(("where", "field"), BEYOND)
async def test_a_place_that_is_not_on_earth_is_invalid(world: World, where: dict[str, float], field: list[str]) -> None:
    ana = await world.person()
    location = {"name": "Porto", **where}
    assert await faults(world, ana, [await world.picture(ana)], location=location) == [("INVALID", field)]


@pytest.mark.parametrize(("name", "code"), [("", "TOO_SHORT"), ("  \n", "TOO_SHORT"), ("x" * 101, "TOO_LONG")])
async def test_the_name_of_a_place_is_1_to_100_characters(world: World, name: str, code: str) -> None:
    ana = await world.person()
    assert await faults(world, ana, [await world.picture(ana)], location={"name": name}) == [
        (code, ["location", "name"])
    ]


@pytest.mark.parametrize(("key", "code"), [("", "TOO_SHORT"), (" ", "TOO_SHORT"), ("k" * 129, "TOO_LONG")])
async def test_an_idempotency_key_is_1_to_128_characters(world: World, key: str, code: str) -> None:
    ana = await world.person()
    assert await faults(world, ana, [await world.picture(ana)], idempotencyKey=key) == [(code, ["idempotencyKey"])]


async def test_all_that_is_wrong_with_a_post_is_said_at_once(world: World) -> None:
    ana = await world.person()
    said = await faults(world, ana, [], caption="x" * 3_000, tags=["a b"], location={"name": ""}, idempotencyKey="")
    assert [field[0] for _, field in said if field] == ["mediaIds", "caption", "tags", "location", "idempotencyKey"]


async def test_all_that_is_wrong_with_pictures_is_said_at_once(world: World) -> None:
    ana = await world.person()
    pictures = [await world.picture(ana, status=status) for status in ("PENDING", "FAILED")]
    said = await faults(world, ana, [*pictures, encode("Media", 7)])
    assert [code for code, _ in said] == ["NOT_READY", "INVALID", "NOT_FOUND"]
