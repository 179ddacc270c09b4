"""The home feed, and how much of it is new."""

import strawberry

from loaders.posts import VisiblePostById
from loaders.users import OwnAccountById, PersonById
from resolvers.context import Info
from resolvers.paging import At, LivePage, Seen, page_of, size
from resolvers.results import Result, mutation
from services import feed
from stores.postgres.pages import TOP
from stores.rows import Account, Post


async def home(root: Account, info: Info, first: int | None = None, after: str | None = None) -> LivePage[Post]:
    """Which posts, judged by the truth as they are found, so that their edges need not ask for it again."""
    context, name = info.context, list_name(root.id)
    wanted, below = size(context, first), TOP if after is None else context.cursors.decode(name, after)
    page = await feed.home(context.deps, root.id, below=below, most=wanted)
    rows = [(post.feed_id, post) for post in page.posts if post.feed_id is not None]
    for _, post in rows:
        context.loaders[VisiblePostById].prime(post.id, post)
    for author in page.authors:
        context.loaders[PersonById].prime(author.user.id, author)
    return LivePage(*page_of(name, Seen(rows, page.has_next, None), after=after), At(name, page.last))


async def unseen_post_count(root: Account, info: Info) -> int:
    return await feed.unseen_count(info.context.deps, root.id)


@strawberry.input(
    description="A mark only moves forward. The cursor is of an edge, or a `liveCursor`; up to now where left out."
)
class MarkFeedSeenInput:
    cursor: str | None = None


@mutation
async def mark_feed_seen(info: Info, input: MarkFeedSeenInput) -> Result:
    context, viewer_id = info.context, info.context.signed_in().user_id
    up_to = None if input.cursor is None else context.cursors.decode(list_name(viewer_id), input.cursor)
    await feed.mark_seen(context.deps, viewer_id, up_to=up_to)
    return Result(viewer=await context.loaders[OwnAccountById].load(viewer_id))


def list_name(viewer_id: int) -> str:
    """Of the viewer's feed, in cursors."""
    return f"feed:{viewer_id}"
