"""The upkeep of a viewer's timeline: built, brought up to the follow list, freed of what no longer belongs there."""

from services.deps import Deps
from stores.postgres import feed
from stores.postgres.pages import TOP
from stores.redis.timelines import Header


async def rebuild(deps: Deps, viewer_id: int) -> None:
    """Build the timeline of a viewer who has none. Two at once are harmless: only one merges.

    It is marked before the posts are read, so that what is published meanwhile is pushed onto it.
    """
    cap = deps.timelines.limits.cap
    async with deps.database.read() as connection:
        now = await feed.now(connection)
    header = await deps.timelines.mark(viewer_id, now=now)
    if header.is_live:
        return
    async with deps.database.read() as connection:
        found = await feed.snapshot(connection, viewer_id, since=0, floor=0, most=cap + 1)
    kept = found.feed_ids[:cap]
    floor = kept[-1] if len(found.feed_ids) > cap else 0
    await deps.timelines.merge(viewer_id, header, floor=floor, ver=found.ver, feed_ids=kept, now=now)


async def refresh(deps: Deps, viewer_id: int) -> None:
    """Add the posts of those newly followed; remove those of whom the viewer follows no longer, and deleted ones."""
    limits = deps.timelines.limits
    timeline = await deps.timelines.read(viewer_id, below=TOP, most=limits.cap + limits.slack)
    if timeline is None or not timeline.header.is_live:
        return
    await _sync(deps, viewer_id, timeline.header)
    async with deps.database.read() as connection:
        gone = await feed.gone(connection, viewer_id, timeline.feed_ids)
    await deps.timelines.purge(viewer_id, ver=gone.ver, feed_ids=gone.unfollowed)
    await deps.timelines.remove(viewer_id, gone.deleted)


async def _sync(deps: Deps, viewer_id: int, header: Header) -> None:
    """What was followed after the version that the timeline reflects."""
    cap = deps.timelines.limits.cap
    async with deps.database.read() as connection:
        found = await feed.snapshot(connection, viewer_id, since=header.ver, floor=header.floor, most=cap + 1)
    if found.ver == header.ver:
        return
    kept = found.feed_ids[:cap]
    floor = kept[-1] if len(found.feed_ids) > cap else header.floor
    await deps.timelines.sync(viewer_id, header, floor=floor, ver=found.ver, feed_ids=kept)
