"""Why a post is, or is not, in a viewer's feed, and from where a read takes it: `feed.home`, told for one post."""

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.access import is_in_feed, may_see_card
from services.deps import Deps
from services.feed import NEWEST_FOLLOWS, Cold, new_followees, why_cold
from stores.errors import StoreUnavailable
from stores.postgres import feed, inspection, relations
from stores.postgres.feed import Standing
from stores.postgres.inspection import InspectedPost
from stores.redis.timelines import Slice
from stores.rows import Relation

Absence = Literal["deleted", "not published", "blocked", "not followed", "muted", "hidden"]
Source = Literal["timeline", "own post", "pulled author", "new follow", "undrained", "below the floor"]


class Way(NamedTuple):
    """How a read finds a post: from Postgres alone, for the reason `cold`; else from all these sources."""

    cold: Cold | None
    sources: list[Source]


class Explanation(NamedTuple):
    """`absent`: why the SQL reference does not have the post in the feed; None where it has.

    `way`: None where it is absent; else, of the read that begins right above the post.
    """

    post: InspectedPost
    author_name: str
    followed_since: datetime | None
    absent: Absence | None
    way: Way | None

    @property
    def is_served(self) -> bool:
        return self.way is not None and (self.way.cold is not None or bool(self.way.sources))


async def explain(deps: Deps, viewer_id: int, post_id: int) -> Explanation | None:
    """None where there never was such a post, or it is erased. Changes nothing."""
    async with deps.database.read() as connection:
        post = await inspection.post(connection, post_id)
        if post is None:
            return None
        author = (await relations.seen(connection, [(viewer_id, post.author_id)]))[viewer_id, post.author_id]
        since = await inspection.followed_since(connection, viewer_id, post.author_id)
        if post.feed_id is None or not await _is_in_reference(connection, viewer_id, post.feed_id):
            return Explanation(post, author.user.username, since, _absence(post, author.relation), None)
    standing = await feed.standing(
        deps.database, viewer_id, newest=NEWEST_FOLLOWS, undrained=deps.settings.strong_mode_posts
    )
    way = await _way(deps, viewer_id, post.author_id, post.feed_id, standing)
    return Explanation(post, author.user.username, since, None, way)


async def _is_in_reference(connection: AsyncConnection, viewer_id: int, feed_id: int) -> bool:
    found = await feed.exact(connection, viewer_id, below=feed_id + 1, most=1)
    return any(one.feed_id == feed_id and is_in_feed(one.relation) for one in found)


def _absence(post: InspectedPost, to_author: Relation) -> Absence:
    if post.deleted_at is not None:
        return "deleted"
    if post.feed_id is None:
        return "not published"
    if not may_see_card(to_author):
        return "blocked"
    if not (to_author.is_self or to_author.is_followed):
        return "not followed"
    return "muted" if to_author.is_muted else "hidden"


async def _way(deps: Deps, viewer_id: int, author_id: int, feed_id: int, standing: Standing) -> Way:
    try:
        timeline = await deps.timelines.read(viewer_id, below=feed_id + 1, most=1)
    except StoreUnavailable:
        return Way("no Redis", [])
    cold = why_cold(deps, standing, timeline)
    if timeline is None or cold is not None:
        return Way(cold, [])
    return Way(None, _sources(viewer_id, author_id, feed_id, standing, timeline))


def _sources(viewer_id: int, author_id: int, feed_id: int, standing: Standing, timeline: Slice) -> list[Source]:
    proposed: dict[Source, bool] = {
        "timeline": feed_id in timeline.feed_ids,
        "own post": author_id == viewer_id,
        "pulled author": author_id in standing.pulled,
        "new follow": author_id in new_followees(standing, timeline.header),
        "undrained": feed_id in standing.undrained,
        "below the floor": author_id != viewer_id and feed_id < timeline.header.floor,
    }
    return [source for source, proposes in proposed.items() if proposes]
