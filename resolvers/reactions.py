"""Likes, comments and saves."""

from collections.abc import Sequence

import strawberry

from loaders.posts import VisiblePostById
from loaders.reactions import (
    CommentLikedByViewer,
    CommentsByPost,
    LikedByViewer,
    LikersByPost,
    SavedByUser,
    SavedByViewer,
    VisibleCommentById,
)
from loaders.users import UserById
from resolvers.context import Context, Info
from resolvers.paging import At, Listed, LivePage, Page, Pages, listed, name_of
from resolvers.results import Result, mutation
from rules.access import may_delete_comment
from rules.errors import NotFound
from rules.node_ids import encode, id_of
from services import commenting, reactions
from stores.rows import Account, Comment, Post, User


async def comments(
    roots: Sequence[Post], info: Info, first: int | None = None, after: str | None = None
) -> Pages[LivePage[Comment]]:
    """Those that the post's row takes into account, as its count does."""
    lists = [Listed(post.id, post.comment_place) for post in roots]
    pages = await listed(info.context, CommentsByPost, lists, VisibleCommentById, first=first, after=after)
    upto = [At(name_of(CommentsByPost, post.id), post.comment_place) for post in roots]
    return [page if isinstance(page, Exception) else LivePage(*page, at) for page, at in zip(pages, upto, strict=True)]


async def likers(
    roots: Sequence[Post], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[User]]:
    lists = [Listed(post.id) for post in roots]
    return await listed(info.context, LikersByPost, lists, UserById, first=first, after=after)


async def saved_posts(
    roots: Sequence[Account], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[Post]]:
    lists = [Listed(account.id) for account in roots]
    return await listed(info.context, SavedByUser, lists, VisiblePostById, first=first, after=after)


def viewer_can_delete(root: Comment, info: Info) -> bool:
    return may_delete_comment(info.context.viewer_id, root)


@strawberry.input
class LikePostInput:
    post_id: strawberry.ID


@mutation
async def like_post(info: Info, input: LikePostInput) -> Result:
    return await _react_to_post(info.context, input.post_id, wanted=True)


@strawberry.input
class UnlikePostInput:
    post_id: strawberry.ID


@mutation
async def unlike_post(info: Info, input: UnlikePostInput) -> Result:
    return await _react_to_post(info.context, input.post_id, wanted=False)


@strawberry.input
class SavePostInput:
    post_id: strawberry.ID


@mutation
async def save_post(info: Info, input: SavePostInput) -> Result:
    return await _keep(info.context, input.post_id, wanted=True)


@strawberry.input
class UnsavePostInput:
    post_id: strawberry.ID


@mutation
async def unsave_post(info: Info, input: UnsavePostInput) -> Result:
    return await _keep(info.context, input.post_id, wanted=False)


@strawberry.input
class AddCommentInput:
    post_id: strawberry.ID
    text: str
    idempotency_key: str | None = None


@mutation
async def add_comment(info: Info, input: AddCommentInput) -> Result:
    context, author_id = info.context, info.context.signed_in().user_id
    post = await _seen_post(context, input.post_id)
    comment = await commenting.add(context.deps, author_id, post.id, input.text, idempotency_key=input.idempotency_key)
    return Result(comment=comment, post=await _afresh(context, post.id))


@strawberry.input
class DeleteCommentInput:
    comment_id: strawberry.ID


@mutation
async def delete_comment(info: Info, input: DeleteCommentInput) -> Result:
    context, viewer_id = info.context, info.context.signed_in().user_id
    deleted = await commenting.delete(context.deps, viewer_id, id_of("Comment", input.comment_id))
    context.loaders[VisibleCommentById].clear(deleted.id)
    return Result(deleted_comment_id=encode("Comment", deleted.id), post=await _afresh(context, deleted.post_id))


@strawberry.input
class LikeCommentInput:
    comment_id: strawberry.ID


@mutation
async def like_comment(info: Info, input: LikeCommentInput) -> Result:
    return await _react_to_comment(info.context, input.comment_id, wanted=True)


@strawberry.input
class UnlikeCommentInput:
    comment_id: strawberry.ID


@mutation
async def unlike_comment(info: Info, input: UnlikeCommentInput) -> Result:
    return await _react_to_comment(info.context, input.comment_id, wanted=False)


async def _react_to_post(context: Context, node_id: str, *, wanted: bool) -> Result:
    viewer_id, post = context.signed_in().user_id, await _seen_post(context, node_id)
    await reactions.like_post(context.deps, viewer_id, post.id, wanted=wanted)
    context.loaders[LikedByViewer].clear(post.id)
    return Result(post=await _afresh(context, post.id))


async def _keep(context: Context, node_id: str, *, wanted: bool) -> Result:
    viewer_id, post = context.signed_in().user_id, await _seen_post(context, node_id)
    await reactions.save_post(context.deps, viewer_id, post.id, wanted=wanted)
    context.loaders[SavedByViewer].clear(post.id)
    return Result(post=post)


async def _react_to_comment(context: Context, node_id: str, *, wanted: bool) -> Result:
    viewer_id, comment_id = context.signed_in().user_id, id_of("Comment", node_id)
    comment = None if comment_id is None else await context.loaders[VisibleCommentById].load(comment_id)
    if comment is None:
        raise NotFound("There is no such comment.", "commentId")
    await reactions.like_comment(context.deps, viewer_id, comment.id, wanted=wanted)
    context.loaders[CommentLikedByViewer].clear(comment.id)
    context.loaders[VisibleCommentById].clear(comment.id)
    return Result(comment=await context.loaders[VisibleCommentById].load(comment.id))


async def _seen_post(context: Context, node_id: str) -> Post:
    """A published post that the viewer may see."""
    post_id = id_of("Post", node_id)
    post = None if post_id is None else await context.loaders[VisiblePostById].load(post_id)
    if post is None or post.feed_id is None:
        raise NotFound("There is no such post.", "postId")
    return post


async def _afresh(context: Context, post_id: int) -> Post | None:
    """The post as it is after a change."""
    context.loaders[VisiblePostById].clear(post_id)
    return await context.loaders[VisiblePostById].load(post_id)
