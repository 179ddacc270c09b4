"""Files that are not what was declared: the store refuses them, or they are never taken for pictures."""

import base64
import hashlib
import io
from typing import Any

import httpx2
import pytest
from PIL import Image

from stores.postgres import media
from tests.world import COMPLETE_UPLOAD, CREATE_POST, CREATE_UPLOAD, Person, World, jpeg, row_id, web_client

STATUS = "query ($id: ID!) { node(id: $id) { ... on Media { status failureReason width url } } }"
HTML = b"<!doctype html><script>alert(1)</script>" + b" " * 100


async def begin(world: World, owner: Person, byte_size: int, **declared: Any) -> Any:
    """The request for an upload of this size."""
    given = {"contentType": "image/jpeg", "byteSize": byte_size, **declared}
    return (await world.do(owner, CREATE_UPLOAD, input=given))["upload"]


async def sent(upload: Any, content: bytes, **other: str) -> int:
    """The status with which the store answers, when some headers are other than they should be."""
    headers = {header["name"]: header["value"] for header in upload["headers"]} | other
    async with web_client() as store:
        return (await store.request(upload["method"], upload["url"], content=content, headers=headers)).status_code


async def arrived(world: World, upload: Any) -> bytes | None:
    """What the store holds of an upload."""
    deps = world.app.deps
    async with deps.database.read() as connection:
        [row] = await media.by_ids(connection, [row_id(upload["media"]["id"])])
    return await deps.objects.original(row.object_key)


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 5)).save(file, "PNG")
    return file.getvalue()


def sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@pytest.mark.parametrize("content", [HTML, png(), b"\xff\xd8", b"\0" * 50], ids=["html", "png", "two bytes", "nulls"])
async def test_what_does_not_begin_like_a_jpeg_is_not_taken_for_one(world: World, content: bytes) -> None:
    ana = await world.person()
    upload = await begin(world, ana, len(content))
    await world.send(upload, content)
    async with world.unchanged():
        assert await world.faults(ana, COMPLETE_UPLOAD, input={"mediaId": upload["media"]["id"]}) == [
            ("INVALID", ["mediaId"])
        ]
        assert await world.faults(ana, CREATE_POST, input={"mediaIds": [upload["media"]["id"]]}) == [
            ("NOT_READY", ["mediaIds"])
        ]


@pytest.mark.parametrize("length", [99, 101, 10_000, 0])
async def test_the_store_refuses_another_length_than_declared(world: World, length: int) -> None:
    ana = await world.person()
    upload = await begin(world, ana, 100)
    assert await sent(upload, b"\xff\xd8\xff" + b"x" * (length - 3) if length else b"") == 403
    assert await arrived(world, upload) is None


async def test_the_store_refuses_another_type_than_declared(world: World) -> None:
    upload = await begin(world, await world.person(), len(HTML))
    assert await sent(upload, HTML, **{"Content-Type": "text/html"}) == 403
    assert await arrived(world, upload) is None


async def test_the_store_refuses_another_file_than_its_sha256_says(world: World) -> None:
    content, other = jpeg(40, 50, "teal"), jpeg(40, 50, "coral")
    upload = await begin(world, await world.person(), len(other), sha256=sha256(content))
    assert await sent(upload, other) == 400
    assert await arrived(world, upload) is None


async def test_the_store_refuses_a_sha256_that_was_not_declared(world: World) -> None:
    content, other = jpeg(40, 50, "teal"), jpeg(40, 50, "coral")
    upload = await begin(world, await world.person(), len(other), sha256=sha256(content))
    assert await sent(upload, other, **{"x-amz-checksum-sha256": sha256(other)}) == 403


async def test_a_file_of_the_declared_sha256_is_taken(world: World) -> None:
    ana, content = await world.person(), jpeg(40, 50)
    upload = await begin(world, ana, len(content), sha256=sha256(content))
    await world.send(upload, content)
    taken = await world.do(ana, COMPLETE_UPLOAD, input={"mediaId": upload["media"]["id"]})
    assert taken["media"]["status"] == "PROCESSING"


async def test_a_file_cannot_be_replaced_by_sending_again(world: World) -> None:
    first, second = jpeg(40, 50, "teal"), jpeg(40, 50, "coral")
    second = second.ljust(len(first), b"\0")[: len(first)]
    upload = await begin(world, await world.person(), len(first))
    await world.send(upload, first)
    assert await sent(upload, second) == 412
    assert await sent(upload, second, **{"If-None-Match": ""}) in (403, 412)
    assert await arrived(world, upload) == first


async def test_a_request_for_one_file_brings_no_other(world: World) -> None:
    ana, ben, content = await world.person(), await world.person(), jpeg(40, 50)
    anas, bens = await begin(world, ana, len(content)), await begin(world, ben, len(content))
    anas_path, bens_path = (httpx2.URL(upload["url"]).path for upload in (anas, bens))
    assert await sent({**anas, "url": anas["url"].replace(anas_path, bens_path)}, content) == 403
    assert await arrived(world, bens) is None


async def test_a_picture_that_only_begins_like_one_fails_with_a_reason(world: World) -> None:
    ana, content = await world.person(), jpeg()[:700]
    media_id = await world.upload(ana, content)
    await world.run_jobs()
    picture = (await world.ask(ana, STATUS, id=media_id))["node"]
    assert (picture["status"], picture["width"], picture["url"]) == ("FAILED", None, None)
    assert picture["failureReason"] == "This picture is damaged or incomplete."
