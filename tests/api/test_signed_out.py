"""What those who have not signed in may do: read what is everybody's, and nothing else."""

import pytest

from tests.world import FEED, World

NEEDS_SIGNING_IN = {
    "logOut": "logOut(input: {}) { userErrors { code } }",
    "logOut everywhere": "logOut(input: {everywhere: true}) { userErrors { code } }",
    "revokeSession": 'revokeSession(input: {sessionId: "x"}) { userErrors { code } }',
    "changePassword": 'changePassword(input: {currentPassword: "x", newPassword: "x"}) { userErrors { code } }',
    "updateProfile": 'updateProfile(input: {bio: "x"}) { userErrors { code } }',
    "savePost": 'savePost(input: {postId: "POST"}) { userErrors { code } }',
    "unsavePost": 'unsavePost(input: {postId: "POST"}) { userErrors { code } }',
    "likePost": 'likePost(input: {postId: "POST"}) { userErrors { code } }',
    "unlikePost": 'unlikePost(input: {postId: "POST"}) { userErrors { code } }',
    "addComment": 'addComment(input: {postId: "POST", text: "x"}) { userErrors { code } }',
    "deleteComment": 'deleteComment(input: {commentId: "x"}) { userErrors { code } }',
    "likeComment": 'likeComment(input: {commentId: "x"}) { userErrors { code } }',
    "unlikeComment": 'unlikeComment(input: {commentId: "x"}) { userErrors { code } }',
    "markFeedSeen": "markFeedSeen(input: {}) { userErrors { code } }",
    "followUser": 'followUser(input: {userId: "USER"}) { userErrors { code } }',
    "unfollowUser": 'unfollowUser(input: {userId: "USER"}) { userErrors { code } }',
    "acceptFollowRequest": 'acceptFollowRequest(input: {userId: "USER"}) { userErrors { code } }',
    "declineFollowRequest": 'declineFollowRequest(input: {userId: "USER"}) { userErrors { code } }',
    "blockUser": 'blockUser(input: {userId: "USER"}) { userErrors { code } }',
    "unblockUser": 'unblockUser(input: {userId: "USER"}) { userErrors { code } }',
    "muteUser": 'muteUser(input: {userId: "USER"}) { userErrors { code } }',
    "unmuteUser": 'unmuteUser(input: {userId: "USER"}) { userErrors { code } }',
    "markNotificationsRead": "markNotificationsRead(input: {}) { userErrors { code } }",
    "registerPushSubscription": 'registerPushSubscription(input: {endpoint: "x", p256dh: "x", auth: "x"}) '
    "{ userErrors { code } }",
    "unregisterPushSubscription": 'unregisterPushSubscription(input: {endpoint: "x"}) { userErrors { code } }',
    "createUpload": 'createUpload(input: {contentType: "image/jpeg", byteSize: 9}) { userErrors { code } }',
    "completeUpload": 'completeUpload(input: {mediaId: "MEDIA"}) { userErrors { code } }',
    "updateMedia": 'updateMedia(input: {mediaId: "MEDIA", altText: "x"}) { userErrors { code } }',
    "createPost": 'createPost(input: {mediaIds: ["MEDIA"]}) { userErrors { code } }',
    "updatePost": 'updatePost(input: {postId: "POST", caption: "x"}) { userErrors { code } }',
    "deletePost": 'deletePost(input: {postId: "POST"}) { userErrors { code } }',
}
SEEN = """query ($id: ID!) {
  post(id: $id) { caption status author { username viewerIsFollowing isFollowingViewer isViewer postCount } }
}"""


@pytest.mark.parametrize("name", NEEDS_SIGNING_IN)
async def test_a_mutation_is_unauthenticated_and_changes_nothing(world: World, name: str) -> None:
    ana = await world.person()
    ids = {"USER": ana.id, "MEDIA": await world.picture(ana), "POST": await world.post(ana)}
    mutation = NEEDS_SIGNING_IN[name]
    for word, id_ in ids.items():
        mutation = mutation.replace(word, id_)
    async with world.unchanged():
        reply = await world.reply(None, f"mutation {{ it: {mutation} }}")
    answer = reply.json()
    assert (reply.status_code, answer["data"]) == (200, {"it": None})
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_every_mutation_but_those_that_sign_in_is_among_these(world: World) -> None:
    fields = (await world.ask(None, "{ __schema { mutationType { fields { name } } } }"))["__schema"]["mutationType"]
    named = {field["name"] for field in fields["fields"]} - {"signUp", "logIn", "refreshSession"}
    assert named == {name.split()[0] for name in NEEDS_SIGNING_IN}


async def test_there_is_no_viewer(world: World) -> None:
    assert await world.ask(None, FEED) == {"viewer": None}


async def test_nobody_is_followed_and_nobody_follows(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    seen = (await world.ask(None, SEEN, id=await world.post(ana, "For all")))["post"]
    assert (seen["caption"], seen["status"]) == ("For all", "PUBLISHED")
    assert seen["author"] == {
        "username": "ana",
        "viewerIsFollowing": False,
        "isFollowingViewer": False,
        "isViewer": False,
        "postCount": 1,
    }
