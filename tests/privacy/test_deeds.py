"""Every mutation on something of an account: done by whom it is allowed to, and for others as if nothing were there."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.inboxes import DELETE_COMMENT
from tests.privacy.asking import answered, document, ghost
from tests.privacy.conftest import forget_the_town
from tests.privacy.matrix import Cell, cells
from tests.privacy.town import Town

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("privacy")]

FAULTS = "userErrors { code field message }"
RELATION = "user { ...Profile } viewer { ...Anything } " + FAULTS
POST = "post { ...Whole } " + FAULTS
COMMENT = "comment { ...Said post { ...Whole } } " + FAULTS


class Deed(NamedTuple):
    """A mutation. `row`: of the matrix. `thing`: of the account, what it is done to. `undo`: what takes it back."""

    row: str
    thing: str
    argument: str
    payload: str
    more: str = ""
    undo: str | None = None


DEEDS = {
    "followUser": Deed("follow", "user", "userId", RELATION, undo="unfollowUser"),
    "unfollowUser": Deed("unfollow", "user", "userId", RELATION),
    "acceptFollowRequest": Deed("accept", "user", "userId", RELATION),
    "declineFollowRequest": Deed("decline", "user", "userId", RELATION),
    "blockUser": Deed("block", "user", "userId", FAULTS),
    "unblockUser": Deed("unblock", "user", "userId", RELATION),
    "muteUser": Deed("mute", "user", "userId", RELATION, undo="unmuteUser"),
    "unmuteUser": Deed("unmute", "user", "userId", RELATION),
    "likePost": Deed("react", "post", "postId", POST),
    "unlikePost": Deed("take back", "post", "postId", POST, undo="likePost"),
    "savePost": Deed("react", "post", "postId", POST),
    "unsavePost": Deed("take back", "post", "postId", POST, undo="savePost"),
    "addComment": Deed("take back", "post", "postId", COMMENT + POST.removesuffix(FAULTS), ', text: "hello"'),
    "likeComment": Deed("take back", "said", "commentId", COMMENT, undo="unlikeComment"),
    "unlikeComment": Deed("react", "said", "commentId", COMMENT),
    "deleteComment": Deed("change things", "said", "commentId", "deletedCommentId " + POST),
    "updatePost": Deed("change things", "post", "postId", POST, ', caption: "mine"'),
    "deletePost": Deed("change things", "post", "postId", "deletedPostId " + FAULTS),
    "updateMedia": Deed("change things", "picture", "mediaId", "media { ...Picture } " + FAULTS, ', altText: "mine"'),
    "completeUpload": Deed("change things", "draft picture", "mediaId", "media { ...Picture } " + FAULTS),
    "revokeSession": Deed("change things", "session", "sessionId", FAULTS),
}
ON_REMARKS = {
    "likeComment": Deed("remark", "remark", "commentId", COMMENT),
    "unlikeComment": Deed("remark", "remark", "commentId", COMMENT),
}
ON_DRAFTS = {
    name: DEEDS[name]._replace(row="change things", thing="draft")
    for name in ("likePost", "savePost", "addComment", "updatePost", "deletePost")
}
WITH_PICTURES = {
    "createPost": Deed("change things", "spare picture", "mediaIds", POST),
    "updatePost": Deed("change things", "spare picture", "mediaIds", POST),
}
EVERY = [
    pytest.param(name, deed, cell, id=f"{name} on {deed.thing} of {cell.kind} by {cell.viewer}")
    for deeds in (DEEDS, ON_REMARKS, ON_DRAFTS, WITH_PICTURES)
    for name, deed in deeds.items()
    for cell in cells(deed.row)
]


def written(name: str, deed: Deed, id_: str, own_post: str | None) -> str:
    """The mutation on what has this id. An `updatePost` with pictures is of the viewer's own post."""
    of_post = f', postId: "{own_post}"' if (name, deed.argument) == ("updatePost", "mediaIds") else ""
    return document(
        f'mutation {{ done: {name}(input: {{{deed.argument}: "{id_}"{deed.more}{of_post}}}) {{ {deed.payload} }} }}'
    )


@pytest.mark.parametrize(("name", "deed", "cell"), EVERY)
async def test_a_deed(town: Town, name: str, deed: Deed, cell: Cell) -> None:
    """On what is not for the viewer it changes nothing, and is answered as on what never was."""
    viewer, id_ = town.viewer(cell.viewer, cell.kind), town.accounts[cell.kind].ids[deed.thing]
    own_post = None if viewer is None else town.posts.get(viewer)
    write: Callable[[str], str] = lambda of: written(name, deed, of, own_post)  # noqa: E731
    if cell.answer in ("no", "out"):
        async with town.world.unchanged():
            for caches in ("cold", "warm"):
                await town.turn(caches)
                hidden = await answered(town, viewer, write(id_))
                assert hidden == await answered(town, viewer, write(ghost(id_)))
                assert ("NOT_FOUND" if cell.answer == "no" else "UNAUTHENTICATED") in str(hidden)
        return
    for caches in ("cold", "warm"):
        await town.turn(caches)
        answer, _ = await answered(town, viewer, write(id_))
        assert "errors" not in answer
        faults = [fault["code"] for fault in answer["data"]["done"]["userErrors"]]
        assert (faults == []) == (cell.answer != "own")
        if cell.answer == "undo":
            await undo(town, viewer, deed, answer["data"]["done"], id_)


async def undo(town: Town, viewer: str | None, deed: Deed, payload: Any, id_: str) -> None:
    """Take back what was done."""
    if deed.argument == "postId" and "comment" in payload:
        await town.data(viewer, DELETE_COMMENT, id=payload["comment"]["id"])
    elif deed.undo is not None:
        await town.data(viewer, written(deed.undo, DEEDS[deed.undo], id_, None))


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_ones_own_comment_can_be_deleted_where_it_can_no_longer_be_seen(town: Town, kind: str) -> None:
    """By its author alone, and the answer shows nothing of the post."""
    account = town.accounts[kind]
    for viewer in ("stranger", "blocked", "blocker", "both"):
        left = account.left[viewer]
        is_seen = town.sees_content(viewer, account.owner)
        answer, _ = await answered(town, viewer, written("deleteComment", DEEDS["deleteComment"], left, None))
        payload = answer["data"]["done"]
        assert (payload["deletedCommentId"], payload["userErrors"]) == (left, [])
        assert (payload["post"] is not None) == is_seen
    forget_the_town()
