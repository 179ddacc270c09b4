"""The words of a post, changed: what is left out stays, null clears."""

from typing import Any

import pytest

from tests.world import Person, World

UPDATE = """mutation ($input: UpdatePostInput!) { updatePost(input: $input) {
  post { caption hashtags mentions { username } location { name latitude longitude } status editedAt }
  userErrors { code field message }
} }"""
POST = """query ($id: ID!) { post(id: $id) {
  caption hashtags mentions { username } location { name latitude longitude } status editedAt
} }"""
PORTO = {"name": "Porto", "latitude": 41.15, "longitude": -8.61}


async def updated(world: World, author: Person, post_id: str, **changes: Any) -> Any:
    return (await world.do(author, UPDATE, input={"postId": post_id, **changes}))["post"]


async def full(world: World, author: Person) -> str:
    """A post with everything that can be written on one."""
    return await world.post(author, "A #Sunset with @ben", tags=["Portugal"], location=PORTO)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"caption": "Alone"}, {"caption": "Alone", "hashtags": ["portugal"], "mentions": []}),
        ({"caption": None}, {"caption": "", "hashtags": ["portugal"], "mentions": []}),
        ({"tags": ["Sea", "#Sun"]}, {"hashtags": ["sunset", "sea", "sun"]}),
        ({"tags": None}, {"hashtags": ["sunset"]}),
        ({"tags": []}, {"hashtags": ["sunset"]}),
        ({"location": {"name": " Faro "}}, {"location": {"name": "Faro", "latitude": None, "longitude": None}}),
        ({"location": None}, {"location": None}),
    ],
)
async def test_what_is_given_changes_and_nothing_else(
    world: World, changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    ana = await world.person("ana")
    await world.person("ben")
    post_id = await full(world, ana)
    before = (await world.ask(ana, POST, id=post_id))["post"]
    assert before == {
        "caption": "A #Sunset with @ben",
        "hashtags": ["sunset", "portugal"],
        "mentions": [{"username": "ben"}],
        "location": PORTO,
        "status": "PUBLISHED",
        "editedAt": None,
    }
    after = await updated(world, ana, post_id, **changes)
    assert after.pop("editedAt") is not None
    assert after == {name: value for name, value in (before | expected).items() if name != "editedAt"}
    assert (await world.ask(None, POST, id=post_id))["post"].items() >= after.items()


async def test_an_edit_of_nothing_leaves_no_trace(world: World) -> None:
    ana = await world.person("ana")
    post_id = await full(world, ana)
    async with world.unchanged():
        assert (await updated(world, ana, post_id))["editedAt"] is None


async def test_a_post_that_waits_for_its_pictures_can_be_changed(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana, status="PROCESSING")
    post_id = await world.post(ana, "#before", mediaIds=[picture])
    assert (await updated(world, ana, post_id, caption="#after"))["status"] == "PROCESSING"
    await world.finish(picture)
    query = '{ before: hashtag(name: "before") { postCount } after: hashtag(name: "after") { postCount } }'
    assert await world.ask(None, query) == {"before": None, "after": {"postCount": 1}}


@pytest.mark.parametrize("location", [{"name": "Here"}, {"name": "Here", "latitude": None, "longitude": None}])
async def test_a_place_needs_no_coordinates(world: World, location: Any) -> None:
    ana = await world.person()
    post_id = await world.post(ana, location=location)
    found = (await world.ask(None, POST, id=post_id))["post"]["location"]
    assert found == {"name": "Here", "latitude": None, "longitude": None}


@pytest.mark.parametrize(("latitude", "longitude"), [(90, 180), (-90, -180), (0, 0), (41.157944, -8.629105)])
async def test_coordinates_are_kept_as_they_are(world: World, latitude: float, longitude: float) -> None:
    ana = await world.person()
    post_id = await world.post(ana, location={"name": "There", "latitude": latitude, "longitude": longitude})
    found = (await world.ask(None, POST, id=post_id))["post"]["location"]
    assert (found["latitude"], found["longitude"]) == (latitude, longitude)


async def test_a_caption_is_kept_as_it_was_written(world: World) -> None:
    ana = await world.person()
    caption = "  two  spaces\n\nand lines \u202eترتيب \U0001f468\u200d\U0001f469 %_' \"<b>&amp;\\ "
    post_id = await world.post(ana, caption)
    assert (await world.ask(None, POST, id=post_id))["post"]["caption"] == caption


async def test_a_caption_that_is_null_is_empty(world: World) -> None:
    ana = await world.person()
    post_id = await world.post(ana, None)  # type: ignore[arg-type]
    assert (await world.ask(None, POST, id=post_id))["post"]["caption"] == ""
