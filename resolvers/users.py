"""Profiles."""

from typing import TypeVar

from execution.loader import Loader
from loaders.pages import FolloweesByUser, FollowersByUser, PageLoader, PostsByAuthor
from loaders.posts import VisiblePostById
from loaders.scope import Scope
from loaders.users import ContentSeen, UserById, UserByUsername
from resolvers.context import Info
from resolvers.paging import Page, listed
from rules.accounts import is_username, kept_username
from stores.rows import Post, User

T = TypeVar("T")


async def user(info: Info, username: str) -> User | None:
    if not is_username(username):
        return None
    return await info.context.loaders[UserByUsername].load(kept_username(username))


def is_viewer(root: User, info: Info) -> bool:
    return info.context.viewer is not None and info.context.viewer.user_id == root.id


async def posts(root: User, info: Info, first: int | None = None, after: str | None = None) -> Page[Post] | None:
    return await _of_content(root, info, PostsByAuthor, VisiblePostById, first, after)


async def followers(root: User, info: Info, first: int | None = None, after: str | None = None) -> Page[User] | None:
    return await _of_content(root, info, FollowersByUser, UserById, first, after)


async def following(root: User, info: Info, first: int | None = None, after: str | None = None) -> Page[User] | None:
    return await _of_content(root, info, FolloweesByUser, UserById, first, after)


async def _of_content(
    root: User,
    info: Info,
    kind: type[PageLoader],
    rows: type[Loader[Scope, int, T | None]],
    first: int | None,
    after: str | None,
) -> Page[T] | None:
    """None to whom the account shows its card only."""
    if not await info.context.loaders[ContentSeen].load(root.id):
        return None
    return await listed(info.context, kind, root.id, rows, first=first, after=after)
