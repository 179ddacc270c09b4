"""Profiles, and who follows whom."""

import strawberry

from loaders.pages import FolloweesByUser, FollowersByUser, PostsByAuthor
from loaders.posts import VisiblePostById
from loaders.users import FollowedByViewer, OwnAccountById, UserById, UserByUsername
from resolvers.context import Context, Info
from resolvers.node_ids import id_of
from resolvers.paging import Page, listed
from resolvers.results import Result, mutation
from rules.accounts import is_username, kept_username
from rules.errors import NotFound
from services import following as follow_service
from stores.rows import Post, User


async def user(info: Info, username: str) -> User | None:
    if not is_username(username):
        return None
    return await info.context.loaders[UserByUsername].load(kept_username(username))


def is_viewer(root: User, info: Info) -> bool:
    return info.context.viewer is not None and info.context.viewer.user_id == root.id


async def posts(root: User, info: Info, first: int | None = None, after: str | None = None) -> Page[Post]:
    return await listed(info.context, PostsByAuthor, root.id, VisiblePostById, first=first, after=after)


async def followers(root: User, info: Info, first: int | None = None, after: str | None = None) -> Page[User]:
    return await listed(info.context, FollowersByUser, root.id, UserById, first=first, after=after)


async def following(root: User, info: Info, first: int | None = None, after: str | None = None) -> Page[User]:
    return await listed(info.context, FolloweesByUser, root.id, UserById, first=first, after=after)


@strawberry.input
class FollowUserInput:
    user_id: strawberry.ID


@mutation
async def follow_user(info: Info, input: FollowUserInput) -> Result:
    viewer_id, other_id = info.context.signed_in().user_id, _user_id(input.user_id)
    await follow_service.follow(info.context.deps, viewer_id, other_id)
    return await _both(info.context, viewer_id, other_id)


@strawberry.input
class UnfollowUserInput:
    user_id: strawberry.ID


@mutation
async def unfollow_user(info: Info, input: UnfollowUserInput) -> Result:
    viewer_id, other_id = info.context.signed_in().user_id, _user_id(input.user_id)
    await follow_service.unfollow(info.context.deps, viewer_id, other_id)
    return await _both(info.context, viewer_id, other_id)


def _user_id(node_id: str) -> int:
    user_id = id_of("User", node_id)
    if user_id is None:
        raise NotFound("There is no such account.", "userId")
    return user_id


async def _both(context: Context, viewer_id: int, other_id: int) -> Result:
    """Both sides as they are after a change between them."""
    context.loaders[FollowedByViewer].clear(other_id)
    for user_id in (viewer_id, other_id):
        context.loaders[UserById].clear(user_id)
    return Result(
        user=await context.loaders[UserById].load(other_id),
        viewer=await context.loaders[OwnAccountById].load(viewer_id),
    )
