"""NUL, which Postgres cannot store, and halves of surrogate pairs, which UTF-8 cannot: refused wherever texts go."""

import json
import re
from typing import Any

import pytest

from tests.world import Person, World

FIELDS = {
    "signUp username": 'signUp(input: {username: TEXT, email: "an@example.com", password: "long enough"})',
    "signUp email": 'signUp(input: {username: "anna", email: TEXT, password: "long enough"})',
    "signUp password": 'signUp(input: {username: "anna", email: "an@example.com", password: TEXT})',
    "signUp displayName": (
        'signUp(input: {username: "anna", email: "an@example.com", password: "long enough", displayName: TEXT})'
    ),
    "logIn login": 'logIn(input: {login: TEXT, password: "correct horse battery"})',
    "logIn password": 'logIn(input: {login: "ana", password: TEXT})',
    "refreshSession": "refreshSession(input: {refreshToken: TEXT})",
    "revokeSession": "revokeSession(input: {sessionId: TEXT})",
    "changePassword currentPassword": 'changePassword(input: {currentPassword: TEXT, newPassword: "long enough"})',
    "changePassword newPassword": 'changePassword(input: {currentPassword: "long enough", newPassword: TEXT})',
    "updateProfile username": "updateProfile(input: {username: TEXT})",
    "updateProfile displayName": "updateProfile(input: {displayName: TEXT})",
    "updateProfile bio": "updateProfile(input: {bio: TEXT})",
    "followUser": "followUser(input: {userId: TEXT})",
    "createUpload contentType": "createUpload(input: {contentType: TEXT, byteSize: 9})",
    "createUpload sha256": 'createUpload(input: {contentType: "image/png", byteSize: 9, sha256: TEXT})',
    "createUpload altText": 'createUpload(input: {contentType: "image/png", byteSize: 9, altText: TEXT})',
    "completeUpload": "completeUpload(input: {mediaId: TEXT})",
    "updateMedia": 'updateMedia(input: {mediaId: "MEDIA", altText: TEXT})',
    "createPost caption": 'createPost(input: {mediaIds: ["MEDIA"], caption: TEXT})',
    "createPost tags": 'createPost(input: {mediaIds: ["MEDIA"], tags: [TEXT]})',
    "createPost location": 'createPost(input: {mediaIds: ["MEDIA"], location: {name: TEXT}})',
    "createPost idempotencyKey": 'createPost(input: {mediaIds: ["MEDIA"], idempotencyKey: TEXT})',
    "createPost mediaIds": "createPost(input: {mediaIds: [TEXT]})",
    "updatePost caption": 'updatePost(input: {postId: "POST", caption: TEXT})',
    "updatePost tags": 'updatePost(input: {postId: "POST", tags: [TEXT]})',
    "updatePost location": 'updatePost(input: {postId: "POST", location: {name: TEXT}})',
    "deletePost": "deletePost(input: {postId: TEXT})",
}
QUERIES = {
    "user": "user(username: TEXT) { id }",
    "hashtag": "hashtag(name: TEXT) { id }",
    "post": "post(id: TEXT) { id }",
    "node": "node(id: TEXT) { id }",
    "feed": "viewer { feed(after: TEXT) { edges { cursor } } }",
}
UNSTORABLE = [r"a\u0000b", r"a\ud800b", r"\udfff", r"\ud800\ud800"]


def bodies(kind: str, fields: str, text: str) -> list[str]:
    """Requests with a text, escaped as in JSON: in the document, and as a variable of it."""
    type_ = "ID" if re.search(r"(Id|Ids|id): \[?TEXT", fields) else "String"
    literal = json.dumps(f"{kind} {{ {fields} }}".replace("TEXT", f'"{text}"'))
    variable = json.dumps(f"{kind} ($text: {type_}!) {{ {fields} }}".replace("TEXT", "$text"))
    return [f'{{"query": {literal}}}', f'{{"query": {variable}, "variables": {{"text": "{text}"}}}}']


async def answer(world: World, who: Person, body: str | bytes) -> tuple[int, Any]:
    headers = {"content-type": "application/json", "authorization": f"Bearer {who.access_token}"}
    reply = await world.http.post("/graphql", content=body, headers=headers)
    return reply.status_code, reply.json()


async def assert_refused(world: World, who: Person, body: str | bytes) -> None:
    """Before anything is executed."""
    status, refusal = await answer(world, who, body)
    assert (status, refusal.keys()) == (400, {"errors"})
    assert [error["extensions"]["code"] for error in refusal["errors"]] == ["BAD_REQUEST"]


async def assert_refused_only_for_its_text(world: World, who: Person, kind: str, fields: str) -> None:
    async with world.unchanged():
        for text in UNSTORABLE:
            for body in bodies(kind, fields, text):
                await assert_refused(world, who, body)
    for body in bodies(kind, fields, "storable"):
        assert "data" in (await answer(world, who, body))[1]


@pytest.mark.parametrize("name", FIELDS)
async def test_no_input_takes_what_cannot_be_stored(world: World, name: str) -> None:
    ana = await world.person("ana")
    field = FIELDS[name].replace("MEDIA", await world.picture(ana)).replace("POST", await world.post(ana))
    await assert_refused_only_for_its_text(world, ana, "mutation", f"{field} {{ userErrors {{ code }} }}")


@pytest.mark.parametrize("name", QUERIES)
async def test_no_argument_takes_what_cannot_be_stored(world: World, name: str) -> None:
    await assert_refused_only_for_its_text(world, await world.person(), "query", QUERIES[name])


@pytest.mark.parametrize("byte", [b"\xff", b"\xed\xa0\x80", b"\xc0\x80"])
async def test_bytes_that_are_not_utf_8_are_a_bad_request(world: World, byte: bytes) -> None:
    body = b'{"query": "mutation { updateProfile(input: {bio: \\"' + byte + b'\\"}) { userErrors { code } } }"}'
    ana = await world.person()
    async with world.unchanged():
        await assert_refused(world, ana, body)


async def test_every_other_character_is_kept(world: World) -> None:
    ana = await world.person()
    bio = "\x01\t\r\n\x7f\u0085\u200b\u202e\ufeff\uffff\U0001f468\u200d\U0001f469\U0010ffff'\"\\%_;--"
    update = "mutation ($bio: String) { updateProfile(input: {bio: $bio}) { user { bio } userErrors { code } } }"
    assert (await world.do(ana, update, bio=bio))["user"] == {"bio": bio}
