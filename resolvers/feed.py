"""The home feed, and how much of it is new."""

from collections.abc import Sequence

import strawberry

from execution.stamps import Revealed
from loaders.users import OwnAccountById
from resolvers.context import Info
from resolvers.lookahead import first_of
from resolvers.paging import At, LivePage, PageEdge, Seen, page_of, size
from resolvers.results import Result, mutation
from services import feed
from stores.postgres.pages import TOP
from stores.postgres.sights import Sight
from stores.rows import Account, Post

COMMENTS_MOST = 10
"""Of which a sight tells; who asks for longer pages of them has them asked for as usual."""


async def home(root: Account, info: Info, first: int | None = None, after: str | None = None) -> LivePage[Sight]:
    """Which posts, judged by the truth as they are found, together with all that most clients ask of them."""
    context, name = info.context, list_name(root.id)
    wanted, below = size(context, first), TOP if after is None else context.cursors.decode(name, after)
    page = await feed.home(context.deps, root.id, below=below, most=wanted, comments=_comments(info))
    window = context.deps.objects.guarded_window
    rows = [(post.feed_id, post.within(window) if post.is_guarded else post) for post in page.posts]
    return LivePage(*page_of(name, Seen(rows, page.has_next, None), after=after), At(name, page.last))


async def posts(roots: Sequence[PageEdge[Sight | Post]], info: Info) -> Revealed:
    """What stands at these edges: of a page, what sights tell of; of an event, the post itself."""
    nodes = [edge.node for edge in roots]
    sights = [node for node in nodes if isinstance(node, Sight)]
    if not sights:
        return Revealed(nodes, info.context, lambda: False)
    context, told = info.context.told()
    return Revealed(await told.posts(sights), context, told.is_all)


def stamp(root: PageEdge[Sight | Post]) -> str | None:
    """What its answer depends on: whether it is right still is told by the truth, each time."""
    return root.node.text if isinstance(root.node, Sight) and root.node.is_of_an_epoch else None


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
    up_to = None if input.cursor is None else context.cursors.decode(list_name(viewer_id), input.cursor)
    await feed.mark_seen(context.deps, viewer_id, up_to=up_to)
    return Result(viewer=await context.loaders[OwnAccountById].load(viewer_id))


def list_name(viewer_id: int) -> str:
    """Of the viewer's feed, in cursors."""
    return f"feed:{viewer_id}"
