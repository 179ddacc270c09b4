"""Who follows whom, and who asks to follow a private account."""

from collections.abc import Mapping

from rules.errors import NotAllowed, NotFound
from rules.fan_out import crosses
from services.deps import Deps
from services.events import (
    FollowAccepted,
    FollowerChanged,
    FollowRequestChanged,
    FollowsChanged,
    ReachChanged,
    RequestsLeft,
)
from stores.postgres import follows, relations, users
from stores.postgres.database import UnitOfWork
from stores.postgres.tables import follow_requests
from stores.postgres.users import Held


async def follow(deps: Deps, follower_id: int, followee_id: int) -> None:
    """Follow a public account, or ask to follow a private one. No change where it is so already."""
    if follower_id == followee_id:
        raise NotAllowed("You cannot follow yourself.", "userId")
    async with deps.database.unit_of_work() as uow:
        held = await both(uow, follower_id, followee_id)
        if held[followee_id].is_private:
            await _ask(deps, uow, follower_id, followee_id)
        else:
            await _answer(uow, followee_id, follower_id)
            await _begin(deps, uow, follower_id, followee_id, held)


async def unfollow(deps: Deps, follower_id: int, followee_id: int) -> None:
    """Also takes back a request. No change where there is neither."""
    async with deps.database.unit_of_work() as uow:
        held = await both(uow, follower_id, followee_id)
        await end(deps, uow, follower_id, followee_id, held)


async def accept(deps: Deps, user_id: int, requester_id: int) -> None:
    """Let somebody follow who has asked to. No change where he follows already."""
    async with deps.database.unit_of_work() as uow:
        held = await both(uow, user_id, requester_id)
        if await _answer(uow, user_id, requester_id):
            await _let_follow(deps, uow, user_id, requester_id, held)
        elif not await follows.followers_among(uow.connection, user_id, [requester_id]):
            raise _no_request()


async def decline(deps: Deps, user_id: int, requester_id: int) -> None:
    """The other is not told, and may ask again."""
    async with deps.database.unit_of_work() as uow:
        await both(uow, user_id, requester_id)
        if not await _answer(uow, user_id, requester_id):
            raise _no_request()


async def accept_waiting(deps: Deps, user_id: int) -> None:
    """Accept a chunk of the requests to an account that is public, and announce the rest. Safe to run again."""
    most = deps.settings.requests_chunk
    async with deps.database.read() as connection:
        requester_ids = await relations.some_requesters(connection, user_id, most=most)
    for requester_id in requester_ids:
        async with deps.database.unit_of_work() as uow:
            held = await users.locked(uow.connection, [user_id, requester_id])
            if held[user_id].is_private:
                return
            if await _answer(uow, user_id, requester_id):
                await _let_follow(deps, uow, user_id, requester_id, held)
    if len(requester_ids) == most:
        async with deps.database.unit_of_work() as uow:
            await uow.announce(RequestsLeft(user_id))


async def both(uow: UnitOfWork, user_id: int, other_id: int) -> Mapping[int, Held]:
    """Two people, held until the transaction ends; `NotFound` where the other is not there for the first."""
    held = await users.locked(uow.connection, [user_id, other_id])
    apart = await relations.blockers(uow.connection, user_id, other_id)
    if other_id not in held or apart:
        raise nobody()
    return held


async def end(deps: Deps, uow: UnitOfWork, follower_id: int, followee_id: int, held: Mapping[int, Held]) -> None:
    """End a follow, or the request for one, between two who are held."""
    if await follows.remove(uow.connection, follower_id, followee_id):
        await _count(deps, uow, follower_id, followee_id, held[followee_id], -1)
    await _answer(uow, followee_id, follower_id)


def nobody() -> NotFound:
    return NotFound("There is no such account.", "userId")


async def _ask(deps: Deps, uow: UnitOfWork, follower_id: int, followee_id: int) -> None:
    if await follows.followers_among(uow.connection, followee_id, [follower_id]):
        return
    place = await deps.ids.mint()
    if await relations.add(uow.connection, follow_requests, follower_id, followee_id, place=place):
        await uow.announce(FollowRequestChanged(followee_id, follower_id))


async def _answer(uow: UnitOfWork, user_id: int, requester_id: int) -> bool:
    """Let a request be one no longer; False where there was none."""
    was_open = await relations.remove(uow.connection, follow_requests, requester_id, user_id)
    if was_open:
        await uow.announce(FollowRequestChanged(user_id, requester_id))
    return was_open


async def _let_follow(deps: Deps, uow: UnitOfWork, user_id: int, requester_id: int, held: Mapping[int, Held]) -> None:
    await _begin(deps, uow, requester_id, user_id, held)
    await uow.announce(FollowAccepted(user_id, requester_id))


async def _begin(deps: Deps, uow: UnitOfWork, follower_id: int, followee_id: int, held: Mapping[int, Held]) -> None:
    if await follows.add(
        uow.connection,
        follower_id,
        followee_id,
        follow_id=await deps.ids.mint(),
        ver=held[follower_id].follow_ver + 1,
        is_pulled=held[followee_id].fan_out_class != "PUSH",
    ):
        await _count(deps, uow, follower_id, followee_id, held[followee_id], +1)


async def _count(deps: Deps, uow: UnitOfWork, follower_id: int, followee_id: int, followee: Held, change: int) -> None:
    """Change what either counts of the other, and announce what follows from it."""
    await users.count_follow(uow.connection, follower_id, followee_id, change)
    await uow.announce(FollowsChanged(follower_id), FollowerChanged(followee_id, follower_id))
    followers = followee.follower_count + change
    if crosses(followee.fan_out_class, followers, threshold=deps.settings.pull_threshold):
        await uow.announce(ReachChanged(followee_id))


def _no_request() -> NotFound:
    return NotFound("There is no such request.", "userId")
