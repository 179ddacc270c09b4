"""Ids of nothing, of another type, or of no form: all as good as not found."""

import pytest

from rules.node_ids import encode
from tests.world import COMPLETE_UPLOAD, CREATE_POST, DELETE_POST, FOLLOW, UNFOLLOW, World

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
POST = "query ($id: ID!) { post(id: $id) { id } }"
CREATE_POST_OF = CREATE_POST.replace("($input: CreatePostInput!)", "($id: ID!)").replace("$input", "{mediaIds: [$id]}")
COMPLETE = COMPLETE_UPLOAD.replace("($input: CompleteUploadInput!)", "($id: ID!)").replace("$input", "{mediaId: $id}")
UPDATE_MEDIA = """mutation ($id: ID!) {
  updateMedia(input: {mediaId: $id, altText: "A cat"}) { media { id } userErrors { code field } }
}"""
READ_MEDIA = """mutation ($id: ID!) { updateMedia(input: {mediaId: $id}) { media { id } userErrors { code field } } }"""
UPDATE_POST = """mutation ($id: ID!) {
  updatePost(input: {postId: $id, caption: "Other"}) { post { id } userErrors { code field } }
}"""
REVOKE = "mutation ($id: ID!) { revokeSession(input: {sessionId: $id}) { userErrors { code field } } }"

UNKNOWN = 1_234_567
MUTATIONS = {
    FOLLOW: ("User", "userId"),
    UNFOLLOW: ("User", "userId"),
    COMPLETE: ("Media", "mediaId"),
    UPDATE_MEDIA: ("Media", "mediaId"),
    READ_MEDIA: ("Media", "mediaId"),
    CREATE_POST_OF: ("Media", "mediaIds"),
    UPDATE_POST: ("Post", "postId"),
    DELETE_POST: ("Post", "postId"),
    REVOKE: ("Session", "sessionId"),
}
MALFORMED = [
    "",
    "5",
    "User:5",
    "not base64 at all",
    "ünïcödé",
    encode("Post", UNKNOWN) + "=",
    encode("Post", UNKNOWN) + "\n",
    " " + encode("Post", UNKNOWN),
    encode("Post", -1),
    encode("Post", 2**63),
    encode("Post", 10**400),
    encode("", 5),
    encode("Post:5", 5),
    "UG9zdDowMDU",  # Post:005
    "UG9zdDrZpQ",  # Post: and an Arabic five
    "A" * 100_000,
]


@pytest.mark.parametrize("id_", MALFORMED, ids=range(len(MALFORMED)))
async def test_a_malformed_id_is_of_no_node_and_no_post(world: World, id_: str) -> None:
    ana = await world.person()
    assert await world.ask(ana, NODE, id=id_) == {"node": None}
    assert await world.ask(ana, POST, id=id_) == {"post": None}
    assert await world.ask(ana, NODES, ids=[id_, ana.id]) == {"nodes": [None, {"__typename": "User", "id": ana.id}]}


@pytest.mark.parametrize("type_name", ["User", "Viewer", "Post", "Media", "Hashtag", "Session", "Comment", "Query"])
async def test_an_unknown_id_is_of_no_node(world: World, type_name: str) -> None:
    ana = await world.person()
    id_ = encode(type_name, UNKNOWN)
    assert await world.ask(ana, NODE, id=id_) == {"node": None}
    assert await world.ask(ana, NODES, ids=[id_, id_]) == {"nodes": [None, None]}


async def test_the_id_of_another_type_is_of_no_post(world: World) -> None:
    ana = await world.person()
    for id_ in (ana.id, await world.picture(ana), encode("Post", UNKNOWN)):
        assert await world.ask(ana, POST, id=id_) == {"post": None}


async def test_a_node_is_of_the_type_that_its_id_names(world: World) -> None:
    ana = await world.person()
    post_id = await world.post(ana)
    for type_name in ("User", "Media", "Hashtag"):
        swapped = encode(type_name, ana.row_id if type_name != "User" else UNKNOWN)
        assert await world.ask(ana, NODE, id=swapped) == {"node": None}
    assert await world.ask(ana, NODE, id=post_id) == {"node": {"__typename": "Post", "id": post_id}}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation[:70].split()[3] for mutation in MUTATIONS])
async def test_a_mutation_of_what_is_not_there_changes_nothing(world: World, mutation: str) -> None:
    ana = await world.person()
    type_name, field = MUTATIONS[mutation]
    other_type = "User" if type_name != "User" else "Post"
    unknown = [encode(type_name, UNKNOWN), encode(other_type, ana.row_id), encode(type_name, 2**63), "", "nonsense"]
    async with world.unchanged():
        for id_ in unknown:
            assert await world.faults(ana, mutation, id=id_) == [("NOT_FOUND", [field])]


@pytest.mark.parametrize(
    "name", ["nobody", "", "a", "a b", "%", "an%", "a_a", "Ana\u200d", "@ana", "ana ", "x" * 50_000]
)
async def test_an_unknown_name_is_of_no_user(world: World, name: str) -> None:
    await world.person("ana")
    assert await world.ask(None, "query ($name: String!) { user(username: $name) { id } }", name=name) == {"user": None}


async def test_an_id_that_is_no_text_is_a_bad_request(world: World) -> None:
    ana = await world.person()
    async with world.unchanged():
        for id_ in (True, 1.5, ["x"], {"x": 1}, None):
            assert await world.error(ana, DELETE_POST, id=id_) == "BAD_REQUEST"
