"""Profiles."""

from collections.abc import Sequence
from typing import TypeVar

from execution.loader import Loader
from loaders.pages import FolloweesByUser, FollowersByUser, PageLoader, PostsByAuthor
from loaders.posts import VisiblePostById
from loaders.scope import Scope
from loaders.users import ContentSeen, UserById, UserByUsername
from resolvers.context import Info
from resolvers.paging import Listed, Page, Pages, listed
from rules.accounts import is_username, kept_username
from stores.rows import Post, User

T = TypeVar("T")


async def user(info: Info, username: str) -> User | None:
    if not is_username(username):
        return None
    return await info.context.loaders[UserByUsername].load(kept_username(username))


def is_viewer(root: User, info: Info) -> bool:
    return info.context.viewer is not None and info.context.viewer.user_id == root.id


async def posts(
    roots: Sequence[User], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[Post] | None]:
    return await _of_content(roots, info, PostsByAuthor, VisiblePostById, first, after)


async def followers(
    roots: Sequence[User], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[User] | None]:
    return await _of_content(roots, info, FollowersByUser, UserById, first, after)


async def following(
    roots: Sequence[User], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[User] | None]:
    return await _of_content(roots, info, FolloweesByUser, UserById, first, after)


async def _of_content(
    roots: Sequence[User],
    info: Info,
    kind: type[PageLoader],
    rows: type[Loader[Scope, int, T | None]],
    first: int | None,
    after: str | None,
) -> Pages[Page[T] | None]:
    """None to whom an account shows its card only."""
    seen = await info.context.loaders[ContentSeen].load_many(user.id for user in roots)
    lists = [Listed(user.id) for user, is_seen in zip(roots, seen, strict=True) if is_seen]
    pages = iter(await listed(info.context, kind, lists, rows, first=first, after=after))
    return [next(pages) if is_seen else None for is_seen in seen]
