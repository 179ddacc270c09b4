"""The home feed."""

from functools import partial

from loaders.posts import VisiblePostById
from resolvers.context import Info
from resolvers.paging import Page, filled
from services import feed
from stores.rows import Account, Post


async def home(root: Account, info: Info, first: int | None = None, after: str | None = None) -> Page[Post]:
    """Which posts, then their rows as far as the viewer may see them; refilled while rules leave it short."""
    skeleton = partial(feed.home, info.context.deps, root.id)
    return await filled(info.context, f"feed:{root.id}", skeleton, VisiblePostById, first=first, after=after)
