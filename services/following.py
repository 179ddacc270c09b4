"""Who follows whom."""

from rules.errors import NotAllowed, NotFound
from rules.fan_out import crosses
from services.deps import Deps
from services.events import FollowsChanged, ReachChanged
from stores.postgres import follows, users
from stores.postgres.database import UnitOfWork
from stores.postgres.users import Held


async def follow(deps: Deps, follower_id: int, followee_id: int) -> None:
    """No change where the follow is there already."""
    if follower_id == followee_id:
        raise NotAllowed("You cannot follow yourself.", "userId")
    async with deps.database.unit_of_work() as uow:
        follower, followee = await _held(uow, follower_id, followee_id)
        if await follows.add(
            uow.connection,
            follower_id,
            followee_id,
            follow_id=await deps.ids.mint(),
            ver=follower.follow_ver + 1,
            is_pulled=followee.fan_out_class != "PUSH",
        ):
            await _count(deps, uow, follower_id, followee_id, followee, +1)


async def unfollow(deps: Deps, follower_id: int, followee_id: int) -> None:
    """No change where there is no follow."""
    async with deps.database.unit_of_work() as uow:
        _, followee = await _held(uow, follower_id, followee_id)
        if await follows.remove(uow.connection, follower_id, followee_id):
            await _count(deps, uow, follower_id, followee_id, followee, -1)


async def _held(uow: UnitOfWork, follower_id: int, followee_id: int) -> tuple[Held, Held]:
    held = await users.locked(uow.connection, [follower_id, followee_id])
    if followee_id not in held:
        raise NotFound("There is no such account.", "userId")
    return held[follower_id], held[followee_id]


async def _count(deps: Deps, uow: UnitOfWork, follower_id: int, followee_id: int, followee: Held, change: int) -> None:
    """Change what either counts of the other, and announce what follows from it."""
    await users.count_follow(uow.connection, follower_id, followee_id, change)
    await uow.announce(FollowsChanged(follower_id))
    followers = followee.follower_count + change
    if crosses(followee.fan_out_class, followers, threshold=deps.settings.pull_threshold):
        await uow.announce(ReachChanged(followee_id))
