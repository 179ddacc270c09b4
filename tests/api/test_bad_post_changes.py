"""Changes of posts that cannot be made: the post stays as it was."""

from typing import Any

import pytest

from tests.world import DELETE_POST, Person, World

UPDATE_POST = """mutation ($input: UpdatePostInput!) {
  updatePost(input: $input) { post { id } userErrors { code field message } }
}"""


async def faults(world: World, who: Person, post_id: str, **changes: Any) -> list[tuple[str, list[str] | None]]:
    """Of a change that is not made; checked to change nothing."""
    async with world.unchanged():
        return await world.faults(who, UPDATE_POST, input={"postId": post_id, **changes})


async def test_another_persons_post_cannot_be_changed(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    post_id = await world.post(ana, "Mine")
    assert await faults(world, ben, post_id, caption="Ben's now") == [("NOT_FOUND", ["postId"])]


async def test_another_persons_post_cannot_be_deleted(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    post_id = await world.post(ana)
    async with world.unchanged():
        assert await world.faults(ben, DELETE_POST, id=post_id) == [("NOT_FOUND", ["postId"])]
    assert await world.feed(ana) == [post_id]


async def test_a_deleted_post_cannot_be_changed_or_deleted_again(world: World) -> None:
    ana = await world.person()
    post_id = await world.post(ana)
    await world.delete(ana, post_id)
    assert await faults(world, ana, post_id, caption="Back") == [("NOT_FOUND", ["postId"])]
    async with world.unchanged():
        assert await world.faults(ana, DELETE_POST, id=post_id) == [("NOT_FOUND", ["postId"])]


async def test_a_post_cannot_lose_its_pictures(world: World) -> None:
    ana = await world.person()
    post_id = await world.post(ana)
    assert await faults(world, ana, post_id, mediaIds=None) == [("INVALID", ["mediaIds"])]
    assert await faults(world, ana, post_id, mediaIds=[]) == [("TOO_SHORT", ["mediaIds"])]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"caption": "x" * 2_201}, ("TOO_LONG", ["caption"])),
        ({"tags": ["two words"]}, ("INVALID", ["tags"])),
        ({"tags": [f"t{number}" for number in range(31)]}, ("TOO_MANY", ["tags"])),
        ({"location": {"name": ""}}, ("TOO_SHORT", ["location", "name"])),
        ({"location": {"name": "x", "latitude": 91, "longitude": 0}}, ("INVALID", ["location", "latitude"])),
    ],
)
async def test_words_that_cannot_be_stored_change_nothing(
    world: World, changes: dict[str, Any], fault: tuple[str, list[str]]
) -> None:
    ana = await world.person()
    post_id = await world.post(ana, "#before")
    assert await faults(world, ana, post_id, **changes) == [fault]


async def test_a_caption_and_the_tags_that_stay_have_30_hashtags_together(world: World) -> None:
    ana = await world.person()
    post_id = await world.post(ana, tags=[f"t{number}" for number in range(30)])
    assert await faults(world, ana, post_id, caption="#another") == [("TOO_MANY", ["tags"])]


async def test_a_good_caption_does_not_come_through_with_bad_pictures(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    post_id = await world.post(ana, "Before #sea")
    bens = await world.picture(ben)
    assert await faults(world, ana, post_id, caption="After #sun", mediaIds=[bens]) == [("NOT_FOUND", ["mediaIds"])]


async def test_a_picture_cannot_be_moved_from_one_post_to_another(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    await world.post(ana, mediaIds=[picture])
    other = await world.post(ana)
    assert await faults(world, ana, other, mediaIds=[picture]) == [("INVALID", ["mediaIds"])]


@pytest.mark.parametrize("status", ["PENDING", "PROCESSING"])
async def test_a_published_post_takes_ready_pictures_only(world: World, status: str) -> None:
    ana = await world.person()
    post_id = await world.post(ana)
    picture = await world.picture(ana, status=status)
    assert await faults(world, ana, post_id, mediaIds=[picture]) == [("NOT_READY", ["mediaIds"])]


async def test_a_published_post_takes_no_failed_picture(world: World) -> None:
    ana = await world.person()
    post_id = await world.post(ana)
    failed = await world.picture(ana, status="FAILED")
    assert await faults(world, ana, post_id, mediaIds=[failed]) == [("INVALID", ["mediaIds"])]
