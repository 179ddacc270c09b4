"""Fan-out: published posts onto the timelines of their authors' followers, and who is pushed at all."""

from rules.fan_out import next_class
from services.deps import Deps
from stores.postgres import fan_outs, reach
from stores.postgres.fan_outs import FanOut
from stores.rows import Entry

MARGIN_S = 2 * 3600
"""Beyond the life of a timeline, before an author's posts are no longer pulled: clocks differ, and jobs take time."""


async def push(deps: Deps, post_id: int) -> None:
    """Put a post on the timelines of its author's followers, in chunks. Harmless twice, and goes on where it broke off.

    It looks at nothing that can be undone: what a viewer may not see is left out when he reads.
    """
    async with deps.database.read() as connection:
        under_way = await fan_outs.find(connection, post_id)
    if under_way is not None:
        await _push_to_all(deps, post_id, under_way)
    async with deps.database.unit_of_work() as uow:
        await fan_outs.drained(uow.connection, post_id)


async def _push_to_all(deps: Deps, post_id: int, under_way: FanOut) -> None:
    """While Redis is at a chunk, the one before is noted as done, and the next one is read."""
    reached_id = under_way.reached_id
    followers = await _followers(deps, under_way, above=reached_id)
    while followers:
        async with deps.timelines.pushing([follower.id for follower in followers], under_way.feed_id):
            if reached_id > under_way.reached_id:
                await _note_reached(deps, post_id, reached_id)
            following = await _followers(deps, under_way, above=followers[-1].position)
        reached_id = followers[-1].position
        followers = following


async def _followers(deps: Deps, under_way: FanOut, *, above: int) -> list[Entry]:
    """The next chunk of those to push to."""
    async with deps.database.read() as connection:
        return await reach.followers(connection, under_way.author_id, above=above, most=deps.settings.fan_out_chunk)


async def _note_reached(deps: Deps, post_id: int, reached_id: int) -> None:
    async with deps.database.unit_of_work() as uow:
        await fan_outs.reached(uow.connection, post_id, reached_id)


async def reclassify(deps: Deps, author_id: int) -> None:
    """Give an author the class that his reach calls for. Harmless twice, and goes on where it broke off."""
    async with deps.database.unit_of_work() as uow:
        before = await reach.locked(uow.connection, author_id)
        if before is None:
            return
        to = next_class(before, threshold=deps.settings.pull_threshold, timelines_live_s=timelines_live_s(deps))
        if to != before.fan_out_class:
            await reach.change(uow.connection, author_id, to, returning=before.fan_out_class == "PULL")
    if to == "BOTH" and before.both_s is None and before.fan_out_class != "PULL":
        await _mark_follows(deps, author_id, is_pulled=True)
        await _pull_only(deps, author_id)
    elif to == "PUSH":
        await _mark_follows(deps, author_id, is_pulled=False)


def timelines_live_s(deps: Deps) -> float:
    return deps.settings.timeline_max_age_s + MARGIN_S


async def _mark_follows(deps: Deps, author_id: int, *, is_pulled: bool) -> None:
    most = deps.settings.fan_out_chunk
    differed = most
    while differed:
        async with deps.database.unit_of_work() as uow:
            differed = await reach.set_pulled(uow.connection, author_id, is_pulled, most=most)


async def _pull_only(deps: Deps, author_id: int) -> None:
    """The end of the way to PULL, now that every follow is marked."""
    async with deps.database.unit_of_work() as uow:
        marked = await reach.locked(uow.connection, author_id)
        if marked is not None and marked.fan_out_class == "BOTH" and marked.both_s is None:
            await reach.change(uow.connection, author_id, "PULL")
