"""Uploads that are not begun, or not taken, because of what was declared."""

from typing import Any

import pytest

from tests.world import COMPLETE_UPLOAD, CREATE_UPLOAD, World

UPDATE_MEDIA = """mutation ($input: UpdateMediaInput!) {
  updateMedia(input: $input) { media { altText } userErrors { code field message } }
}"""
MOST = 30 * 1024 * 1024


async def faults(world: World, **declared: Any) -> list[tuple[str, list[str] | None]]:
    """Of an upload that is not begun; checked to change nothing."""
    ana = await world.person()
    async with world.unchanged():
        return await world.faults(ana, CREATE_UPLOAD, input={"contentType": "image/jpeg", "byteSize": 9, **declared})


@pytest.mark.parametrize(
    "content_type", ["", "image", "image/svg+xml", "image/JPEG", "text/html", "video/mp4", "image/jpeg; charset=utf-8"]
)
async def test_a_content_type_that_is_not_taken_is_invalid(world: World, content_type: str) -> None:
    assert await faults(world, contentType=content_type) == [("INVALID", ["contentType"])]


@pytest.mark.parametrize("byte_size", [0, -1, -(2**31)])
async def test_a_file_without_bytes_is_invalid(world: World, byte_size: int) -> None:
    assert await faults(world, byteSize=byte_size) == [("INVALID", ["byteSize"])]


@pytest.mark.parametrize("byte_size", [MOST + 1, 2**31 - 1])
async def test_a_file_over_the_limit_is_too_long(world: World, byte_size: int) -> None:
    assert await faults(world, byteSize=byte_size) == [("TOO_LONG", ["byteSize"])]


async def test_a_file_at_the_limit_may_be_sent(world: World) -> None:
    await world.do(await world.person(), CREATE_UPLOAD, input={"contentType": "image/jpeg", "byteSize": MOST})


async def test_a_size_of_more_than_32_bits_is_a_bad_request(world: World) -> None:
    ana = await world.person()
    async with world.unchanged():
        assert (
            await world.error(ana, CREATE_UPLOAD, input={"contentType": "image/jpeg", "byteSize": 2**31})
            == "BAD_REQUEST"
        )


@pytest.mark.parametrize("sha256", ["", "abc", "ü", "A" * 43, "AAAA", "e3b0c44298fc1c149afbf4c8996fb924" * 2])
async def test_what_is_no_sha256_is_invalid(world: World, sha256: str) -> None:
    assert await faults(world, sha256=sha256) == [("INVALID", ["sha256"])]


async def test_an_alternative_text_of_1_001_characters_is_too_long(world: World) -> None:
    assert await faults(world, altText="x" * 1_001) == [("TOO_LONG", ["altText"])]


async def test_an_alternative_text_that_is_too_long_does_not_replace_another(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    async with world.unchanged():
        assert await world.faults(ana, UPDATE_MEDIA, input={"mediaId": picture, "altText": "x" * 1_001}) == [
            ("TOO_LONG", ["altText"])
        ]


async def test_all_that_is_wrong_with_an_upload_is_said_at_once(world: World) -> None:
    said = await faults(world, contentType="x", byteSize=0, sha256="x", altText="x" * 1_001)
    assert [field for _, field in said] == [["contentType"], ["byteSize"], ["sha256"], ["altText"]]


@pytest.mark.parametrize("status", ["PENDING", "READY"])
async def test_anothers_upload_cannot_be_completed(world: World, status: str) -> None:
    ana, ben = await world.person(), await world.person()
    picture = await world.picture(ana, status=status)
    async with world.unchanged():
        assert await world.faults(ben, COMPLETE_UPLOAD, input={"mediaId": picture}) == [("NOT_FOUND", ["mediaId"])]


async def test_anothers_upload_cannot_be_described(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    picture = await world.picture(ana)
    async with world.unchanged():
        for changes in ({}, {"altText": "Ben was here"}, {"altText": None}):
            assert await world.faults(ben, UPDATE_MEDIA, input={"mediaId": picture, **changes}) == [
                ("NOT_FOUND", ["mediaId"])
            ]


async def test_an_upload_cannot_be_completed_before_it_was_sent(world: World) -> None:
    ana = await world.person()
    made = await world.do(ana, CREATE_UPLOAD, input={"contentType": "image/jpeg", "byteSize": 9})
    async with world.unchanged():
        assert await world.faults(ana, COMPLETE_UPLOAD, input={"mediaId": made["upload"]["media"]["id"]}) == [
            ("NOT_READY", ["mediaId"])
        ]
