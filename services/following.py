"""Who follows whom."""

from rules.errors import NotAllowed, NotFound
from services.deps import Deps
from stores.postgres import follows, users


async def follow(deps: Deps, follower_id: int, followee_id: int) -> None:
    """No change where the follow is there already."""
    if follower_id == followee_id:
        raise NotAllowed("You cannot follow yourself.", "userId")
    async with deps.database.unit_of_work() as uow:
        held = await users.locked(uow.connection, [follower_id, followee_id])
        if followee_id not in held:
            raise NotFound("There is no such account.", "userId")
        follow_id, ver = await deps.ids.mint(), held[follower_id] + 1
        if await follows.add(uow.connection, follower_id, followee_id, follow_id=follow_id, ver=ver):
            await users.count_follow(uow.connection, follower_id, followee_id, +1)


async def unfollow(deps: Deps, follower_id: int, followee_id: int) -> None:
    """No change where there is no follow."""
    async with deps.database.unit_of_work() as uow:
        held = await users.locked(uow.connection, [follower_id, followee_id])
        if followee_id not in held:
            raise NotFound("There is no such account.", "userId")
        if await follows.remove(uow.connection, follower_id, followee_id):
            await users.count_follow(uow.connection, follower_id, followee_id, -1)
