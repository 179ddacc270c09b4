"""The home feed, and how much of it is new."""

from collections.abc import Sequence
from typing import NamedTuple

import strawberry

from execution.stamps import Revealed
from loaders.users import OwnAccountById
from resolvers.context import Info
from resolvers.lookahead import first_of
from resolvers.paging import At, PageEdge, PageInfo, size
from resolvers.results import Result, mutation
from services import feed
from stores.postgres import sights
from stores.postgres.pages import TOP
from stores.postgres.sights import Sight
from stores.rows import Account

FEED = "feed"
"""In cursors: a place in the order of all publications, and so in everybody's feed."""
COMMENTS_MOST = 10
"""Of which a sight tells; who asks for longer pages of them has them asked for as usual."""


class FeedConnection(NamedTuple):
    """A page of a home feed; `upto`: all that it takes into account."""

    edges: list[Sight]
    page_info: PageInfo
    upto: At


async def home(root: Account, info: Info, first: int | None = None, after: str | None = None) -> FeedConnection:
    """Which posts, judged by the truth as they are found, together with all that most clients ask of them."""
    context = info.context
    wanted, below = size(context, first), TOP if after is None else context.cursors.decode(FEED, after)
    page = await feed.home(
        context.deps, root.id, below=below, most=wanted, comments=_comments(info), standing=context.standing
    )
    start, end = (At(FEED, post.feed_id) for post in (page.posts[0], page.posts[-1])) if page.posts else (None, None)
    return FeedConnection(page.posts, PageInfo(page.has_next, after is not None, start, end), At(FEED, page.last))


async def edges(items: Sequence[Sight], info: Info) -> Revealed:
    """What sights tell of, with what is known of it."""
    context, told = info.context.told()
    posts = await told.posts(items)
    revealed = [PageEdge(At(FEED, sight.feed_id), post) for sight, post in zip(items, posts, strict=True)]
    return Revealed(revealed, context, told.is_all)


def stamps(items: Sequence[Sight], info: Info) -> list[str | None]:
    """What their answers depend on: whether these are right still is told by the truth, each time."""
    return sights.stamps(items, info.context.deps.objects.guarded_window)


def _comments(info: Info) -> int:
    """How many of each post's to look at: as many as a page of them takes that is asked for, or none."""
    wanted = first_of(info, "edges", "node", "comments", default=info.context.deps.settings.page_default)
    return wanted + 1 if 0 < wanted < COMMENTS_MOST else 0


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
    up_to = None if input.cursor is None else context.cursors.decode(FEED, input.cursor)
    await feed.mark_seen(context.deps, viewer_id, up_to=up_to)
    return Result(viewer=await context.loaders[OwnAccountById].load(viewer_id))
