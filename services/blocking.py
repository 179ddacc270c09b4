"""Blocks, which part two people at once and both ways, and mutes, which nobody notices."""

from rules.errors import NotAllowed
from services import following
from services.deps import Deps
from services.events import Parted
from stores.postgres import relations, users
from stores.postgres.tables import blocks, mutes


async def block(deps: Deps, user_id: int, other_id: int) -> None:
    """End all that is between two people. No change where it is so already."""
    _refuse_oneself(user_id, other_id, "block")
    place = await deps.ids.mint()
    async with deps.database.unit_of_work() as uow:
        held = await users.locked(uow.connection, [user_id, other_id])
        blockers = await relations.blockers(uow.connection, user_id, other_id)
        if other_id not in held or other_id in blockers:
            raise following.nobody()
        if await relations.add(uow.connection, blocks, user_id, other_id, place=place):
            await following.end(deps, uow, user_id, other_id, held)
            await following.end(deps, uow, other_id, user_id, held)
            await uow.announce(Parted(user_id, other_id, place))


async def unblock(deps: Deps, user_id: int, other_id: int) -> None:
    """No change where there is no block. What it has ended stays ended."""
    async with deps.database.unit_of_work() as uow:
        held = await users.locked(uow.connection, [user_id, other_id])
        blockers = await relations.blockers(uow.connection, user_id, other_id)
        if other_id not in held or other_id in blockers:
            raise following.nobody()
        await relations.remove(uow.connection, blocks, user_id, other_id)


async def mute(deps: Deps, user_id: int, other_id: int) -> None:
    """No change where it is so already."""
    _refuse_oneself(user_id, other_id, "mute")
    async with deps.database.unit_of_work() as uow:
        await following.both(uow, user_id, other_id)
        await relations.add(uow.connection, mutes, user_id, other_id, place=await deps.ids.mint())


async def unmute(deps: Deps, user_id: int, other_id: int) -> None:
    """No change where there is no mute."""
    async with deps.database.unit_of_work() as uow:
        await following.both(uow, user_id, other_id)
        await relations.remove(uow.connection, mutes, user_id, other_id)


def _refuse_oneself(user_id: int, other_id: int, what: str) -> None:
    if user_id == other_id:
        raise NotAllowed(f"You cannot {what} yourself.", "userId")
