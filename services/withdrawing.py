"""Notifications that go: those of what is gone, and the old ones. In chunks, however many there are."""

import time
from collections import Counter
from collections.abc import Collection, Sequence

from services.deps import Deps
from stores.ids import MOST, floor_of
from stores.postgres import activities, inboxes, notifications, relations
from stores.postgres.activities import Changed
from stores.postgres.database import UnitOfWork


async def withdraw(deps: Deps, thing_ids: Sequence[int], told_ids: Collection[int]) -> None:
    """Remove what was told of things that are gone. Safe to run again.

    `told_ids`: who may be being told of them at this moment, by a job that saw them before they went. Their inboxes
    are held too: so that such a job is waited for, and what it wrote is seen.
    """
    most = deps.settings.erase_chunk
    removed = True
    while removed:
        async with deps.database.unit_of_work() as uow:
            recipient_ids = await activities.recipients(uow.connection, thing_ids, most=most)
            await inboxes.hold(uow.connection, recipient_ids.union(told_ids))
            recipient_ids |= set(told_ids)
            touched, went = await activities.remove_some(uow.connection, thing_ids, recipient_ids, most=most)
            await _bring_up(uow, touched, went)
        removed = bool(touched)


async def part(deps: Deps, user_id: int, other_id: int, place: int) -> None:
    """Remove what two people have been told of each other, as one has blocked the other. Safe to run again.

    All of it while they are apart; if they no longer are, what has places below `place`, which is as old as the block.
    """
    for recipient_id, actor_id in ((user_id, other_id), (other_id, user_id)):
        removed = True
        while removed:
            async with deps.database.unit_of_work() as uow:
                await inboxes.hold(uow.connection, [recipient_id])
                are_apart = await relations.blockers(uow.connection, user_id, other_id)
                touched, went = await activities.remove_some_by(
                    uow.connection,
                    recipient_id,
                    actor_id,
                    below=MOST if are_apart else place,
                    most=deps.settings.erase_chunk,
                )
                await _bring_up(uow, touched, went)
            removed = bool(touched)


async def collect_old(deps: Deps, *, most: int) -> bool:
    """Remove `most` activities of notifications past their time, and those that have none left; false where none was.

    In a large one the activities go first, over several calls; meanwhile it says less than there was.
    """
    below_id = floor_of((time.time_ns() // 1_000_000) - deps.settings.notifications_kept_s * 1_000)
    async with deps.database.unit_of_work() as uow:
        old = await notifications.oldest(uow.connection, below_id=below_id, most=most)
        if old:
            await inboxes.hold(uow.connection, old.values())
            await activities.remove_some_in(uow.connection, old, most=most)
            await notifications.remove_empty(uow.connection, old)
    return bool(old)


async def _bring_up(uow: UnitOfWork, touched: Collection[int], went: Counter[Changed]) -> None:
    """Let notifications say what is left of them, once so many activities of each actor went."""
    if went:
        await notifications.recount(uow.connection, {changed: -number for changed, number in went.items()})
    await notifications.remove_empty(uow.connection, touched)
