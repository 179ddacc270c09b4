"""The text for people who cannot see a picture: set, cleared, left alone."""

from typing import Any

import pytest

from tests.world import CREATE_UPLOAD, World

UPDATE = """mutation ($input: UpdateMediaInput!) {
  updateMedia(input: $input) { media { altText status } userErrors { code field message } }
}"""
POST = "query ($id: ID!) { post(id: $id) { media { altText } } }"


async def described(world: World, who: Any, media_id: str, **changes: Any) -> str | None:
    media = (await world.do(who, UPDATE, input={"mediaId": media_id, **changes}))["media"]
    return media["altText"]  # type: ignore[no-any-return]


async def test_it_is_set_left_alone_and_cleared(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    assert await described(world, ana, picture, altText="A cat on a wall") == "A cat on a wall"
    async with world.unchanged():
        assert await described(world, ana, picture) == "A cat on a wall"
    assert await described(world, ana, picture, altText=None) is None


@pytest.mark.parametrize("text", [None, "Un chat \U0001f408 sur un mur", "x" * 1_000])
async def test_it_may_be_given_with_the_upload(world: World, text: str | None) -> None:
    ana = await world.person()
    query = CREATE_UPLOAD.replace("media { id status }", "media { id status altText kind width }")
    made = await world.do(ana, query, input={"contentType": "image/jpeg", "byteSize": 9, "altText": text})
    media = made["upload"]["media"]
    assert media == {"id": media["id"], "status": "PENDING", "altText": text, "kind": "IMAGE", "width": None}


async def test_it_is_changed_in_a_published_post_for_everybody(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    post_id = await world.post(ana, mediaIds=[picture])
    await described(world, ana, picture, altText="The sea")
    assert (await world.ask(None, POST, id=post_id))["post"]["media"] == [{"altText": "The sea"}]
