"""The home feed: which posts, in which order. docs/architecture.md tells the protocol, and why each rule is there."""

from functools import partial
from typing import Literal, NamedTuple

from rules.access import is_in_feed
from services import timelines
from services.deps import Deps
from services.signing_in import SignedIn, admitted
from services.tally import FeedWay
from stores.errors import StoreUnavailable
from stores.postgres import feed, marks
from stores.postgres.database import Database
from stores.postgres.feed import Entrance, Look, Seen, Standing, Viewer
from stores.postgres.pages import TOP
from stores.postgres.sights import Sight
from stores.redis.timelines import Header, Slice
from stores.rows import RELATIONS, Account

NEWEST_FOLLOWS = 8
"""With more follows than these newer than the timeline, a read is answered from Postgres."""
UNSEEN_MOST = 100
SPARE = 2
"""Posts looked at beyond those needed, so that a few that are gone cost no further statement."""

IN_FEED = frozenset(number for number, relation in enumerate(RELATIONS) if is_in_feed(relation))
"""The relations to the authors of what stands in a feed, by their numbers."""
ON_TIMELINE = frozenset(number for number, relation in enumerate(RELATIONS) if relation.is_self or relation.is_followed)
"""Those to the authors of what may stand on a timeline."""

Cold = Literal["no Redis", "no timeline", "building", "too old", "many new follows"]
"""Why a read is answered from Postgres alone."""


class FeedPage(NamedTuple):
    """`last`: the highest `feed_id` that the page takes into account; what is published later is above it."""

    posts: list[Sight]
    has_next: bool
    last: int


async def entered(deps: Deps, access_token: str) -> tuple[SignedIn, Account, Standing]:
    """As `signing_in.authenticate`, and where the viewer stands, in one statement: for who reads the feed next."""
    claim = deps.tokens.read_access(access_token)
    viewer = Viewer(claim.user_id, NEWEST_FOLLOWS, deps.settings.strong_mode_posts)
    [(account, standing)] = await deps.database.ask(feed.entered, [Entrance(viewer, claim.session_id)])
    return SignedIn(*claim), admitted(claim, account), standing


async def home(
    deps: Deps, viewer_id: int, *, below: int, most: int, comments: int = 0, standing: Standing | None = None
) -> FeedPage:
    """The viewer's and the followees' latest `most` published posts below a `feed_id`, latest published first.

    Each is looked at with its latest `comments`. `standing`: where that has been asked already for this read.

    The truth is asked before the timeline, so that a follow or a change of class which the timeline does not know of
    is seen; and after it, for everything that is served.
    """
    database = deps.database
    standing = standing or await feed.standing(
        database, viewer_id, newest=NEWEST_FOLLOWS, undrained=deps.settings.strong_mode_posts
    )
    below = min(below, standing.last + 1)
    timeline = await _timeline(deps, viewer_id, standing, below=below, most=most + 1 + SPARE)
    if timeline is None:
        deps.tally.feed_reads["cold"] += 1
        return _page(standing, await _exact(database, viewer_id, below, most + 1, comments), most)
    seen = await feed.look(database, _look(viewer_id, standing, timeline, below=below, most=most, comments=comments))
    visible = _visible(seen.sights)
    is_thinned = len(visible) <= most and seen.low > 0
    if is_thinned:
        visible += await _exact(database, viewer_id, seen.low, most + 1 - len(visible), comments)
    _tidy_if_needed(deps, viewer_id, standing, timeline, seen)
    page = _page(standing, visible, most)
    deps.tally.feed_reads["thinned" if is_thinned else _way(page, timeline.header)] += 1
    return page


async def unseen_count(deps: Deps, viewer_id: int) -> int:
    """How many posts came into the feed after the seen-mark; counts to UNSEEN_MOST."""
    async with deps.database.read() as connection:
        seen = await marks.feed_seen(connection, viewer_id)
    latest = await home(deps, viewer_id, below=TOP, most=UNSEEN_MOST)
    return sum(post.feed_id > seen for post in latest.posts)


async def mark_seen(deps: Deps, viewer_id: int, *, up_to: int | None) -> None:
    """Move the seen-mark forward to a `feed_id`, or to the latest publication; never back."""
    async with deps.database.unit_of_work() as uow:
        latest = await marks.latest_publication(uow.connection) if up_to is None else up_to
        await marks.set_feed_seen(uow.connection, viewer_id, latest)


def why_cold(deps: Deps, standing: Standing, timeline: Slice | None) -> Cold | None:
    """Why a timeline cannot be used; None where it can."""
    if timeline is None:
        return "no timeline"
    header = timeline.header
    if not header.is_live:
        return "building"
    if standing.now - header.built >= deps.timelines.limits.max_age_s:
        return "too old"
    has_many = len(standing.newest) == NEWEST_FOLLOWS and standing.newest[-1][1] > header.ver
    return "many new follows" if has_many else None


def new_followees(standing: Standing, header: Header) -> set[int]:
    """Whom the viewer followed after the version that the timeline reflects."""
    return {followee_id for followee_id, ver in standing.newest if ver > header.ver}


async def _exact(database: Database, viewer_id: int, below: int, most: int, comments: int) -> list[Sight]:
    async with database.read() as connection:
        found = await feed.exact(connection, viewer_id, below=below, most=most, comments=comments)
    return _visible(found)


def _visible(posts: list[Sight]) -> list[Sight]:
    return [post for post in posts if post.number in IN_FEED]


def _page(standing: Standing, visible: list[Sight], most: int) -> FeedPage:
    return FeedPage(visible[:most], len(visible) > most, standing.last)


async def _timeline(deps: Deps, viewer_id: int, standing: Standing, *, below: int, most: int) -> Slice | None:
    """The viewer's timeline, if it can be used; what is missing is built, or brought up to date, afterwards."""
    try:
        found = await deps.timelines.read(viewer_id, below=below, most=most)
    except StoreUnavailable:
        return None
    match why_cold(deps, standing, found):
        case None:
            return found
        case "many new follows":
            deps.upkeep.ask(("refresh", viewer_id), partial(timelines.refresh, deps, viewer_id))
        case _:
            deps.upkeep.ask(("rebuild", viewer_id), partial(timelines.rebuild, deps, viewer_id))
    return None


def _look(viewer_id: int, standing: Standing, timeline: Slice, *, below: int, most: int, comments: int) -> Look:
    """At the timeline's posts; those of pulled authors, new followees and the viewer; below the floor, everybody's."""
    header, wanted = timeline.header, most + 1 + SPARE
    reached_floor = len(timeline.feed_ids) < wanted
    undrained = [feed_id for feed_id in standing.undrained if feed_id < below]
    return Look(
        viewer_id,
        proposed=(*timeline.feed_ids, *undrained),
        authors=tuple({viewer_id, *standing.pulled, *new_followees(standing, header)}),
        below=below,
        older_than=min(below, header.floor) if reached_floor else 0,
        most=wanted,
        comments=comments,
    )


def _tidy_if_needed(deps: Deps, viewer_id: int, standing: Standing, timeline: Slice, seen: Seen) -> None:
    """Have the timeline brought up to date where it lacks follows, or proposed posts that are not followees'.

    What a mute hides stays on it: the mute may be taken back.
    """
    fine = [post.feed_id for post in seen.sights if post.number in ON_TIMELINE]
    refused = set(timeline.feed_ids).difference(fine)
    if (refused and max(refused) >= seen.low) or timeline.header.ver < standing.ver:
        deps.upkeep.ask(("refresh", viewer_id), partial(timelines.refresh, deps, viewer_id))


def _way(page: FeedPage, header: Header) -> FeedWay:
    return "below_floor" if page.posts and page.posts[-1].feed_id < header.floor else "warm"
