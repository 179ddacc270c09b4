"""The inbox: what the viewer is told, and how much of it is read."""

from collections.abc import Sequence
from typing import NamedTuple

import strawberry

from loaders.notifications import InboxOfViewer, VisibleNotification
from loaders.users import OwnAccountById
from resolvers.context import Context, Info
from resolvers.cursors import Cursors
from resolvers.paging import At, PageEdge, PageInfo, Part, Seen, page_of, refilled, size
from resolvers.results import Result, mutation
from rules.errors import BadRequest
from rules.node_ids import encode
from rules.notifications import is_read as is_read_in
from services import notifications
from services.notifications import TOP, UNREAD_MOST, Places, places_of, position_of
from stores.rows import Account, NewPosts, Notification


class InboxPage(NamedTuple):
    edges: list[PageEdge[Notification]]
    page_info: PageInfo
    live_cursor: str
    """Of a stream, whose places are none of the list's."""


async def inbox(
    root: Account,
    info: Info,
    first: int | None = None,
    after: str | None = None,
    unread_only: bool | None = False,
) -> InboxPage:
    """The newest event first. Where it ends is asked before all else, so that what comes meanwhile is an event."""
    context, name = info.context, list_name(root.id)
    wanted = size(context, first)
    below = TOP if after is None else context.cursors.decode(name, after)
    seen = await _read(context, root.id, below=below, wanted=wanted, unread_only=bool(unread_only))
    page = page_of(name, seen, after=after)
    end = await context.loaders[InboxOfViewer].load(None)
    return InboxPage(*page, event_cursor(context.cursors, root.id, Places(end.last, end.last_feed_id)))


async def unread_count(root: Account, info: Info) -> int:
    """Counts to UNREAD_MOST."""
    return len((await _read(info.context, root.id, below=TOP, wanted=UNREAD_MOST, unread_only=True)).rows)


async def is_read(root: Notification, info: Info) -> bool:
    return is_read_in(root, await info.context.loaders[InboxOfViewer].load(None))


def node_id(root: Notification) -> strawberry.ID:
    """Of new posts: of their author and day."""
    return strawberry.ID(encode("Notification", root.id, root.day if isinstance(root, NewPosts) else None))


@strawberry.input(
    description="A mark only moves forward. The cursor is of an edge, or a `liveCursor`; up to now where left out."
)
class MarkNotificationsReadInput:
    cursor: str | None = None


@mutation
async def mark_notifications_read(info: Info, input: MarkNotificationsReadInput) -> Result:
    context, viewer_id = info.context, info.context.signed_in().user_id
    up_to = None if input.cursor is None else _places(context.cursors, viewer_id, input.cursor)
    await notifications.mark_read(context.deps, viewer_id, up_to=up_to)
    context.loaders[InboxOfViewer].clear(None)
    return Result(viewer=await context.loaders[OwnAccountById].load(viewer_id))


def edge_of(entry: Notification) -> PageEdge[Notification]:
    """As it stands in its recipient's inbox."""
    return PageEdge(At(list_name(entry.recipient_id), position_of(entry)), entry)


def event_cursor(cursors: Cursors, viewer_id: int, places: Places) -> str:
    """Of an event in the viewer's inbox after which these are the highest places, and of `liveCursor`."""
    return cursors.encode(stream_name(viewer_id), *places)


def event_places(cursors: Cursors, viewer_id: int, cursor: str) -> Places:
    """The highest places that an event's cursor, or a `liveCursor`, stands for; `BadRequest` for any other."""
    return Places(*cursors.decode_all(stream_name(viewer_id), cursor, 2))


def list_name(viewer_id: int) -> str:
    """Of the viewer's inbox, in cursors of its edges."""
    return f"notifications:{viewer_id}"


def stream_name(viewer_id: int) -> str:
    """Of what comes into the viewer's inbox, in cursors of events."""
    return f"notificationAdded:{viewer_id}"


async def _read(context: Context, viewer_id: int, *, below: int, wanted: int, unread_only: bool) -> Seen[Notification]:
    end = await context.loaders[InboxOfViewer].load(None)

    async def parts(walks: Sequence[tuple[int, int]], most: int) -> list[Part[Notification]]:
        [(_, below)] = walks
        entries, low = await notifications.part_below(
            context.deps, viewer_id, end, below, most=most, unread_only=unread_only
        )
        return [Part([(position_of(entry), entry) for entry in entries], low)]

    [seen] = await refilled(context, parts, VisibleNotification, wanted=wanted, below=[below])
    return seen


def _places(cursors: Cursors, viewer_id: int, cursor: str) -> Places:
    """What is read with a cursor: of an edge, all at and below it."""
    try:
        return event_places(cursors, viewer_id, cursor)
    except BadRequest:
        return places_of(cursors.decode(list_name(viewer_id), cursor))
