"""How people stand to each other: follows, requests to follow, blocks, mutes."""

from collections.abc import Awaitable, Callable, Sequence

import strawberry

from loaders.pages import BlockedByUser, MutedByUser, RequestersByUser
from loaders.users import BlockedUserById, OwnAccountById, UserById
from resolvers.context import Info
from resolvers.paging import Listed, Page, Pages, listed
from resolvers.results import Result, mutation
from rules.node_ids import id_of
from services import blocking, following
from services.deps import Deps
from stores.rows import Account, User


async def follow_requests(
    roots: Sequence[Account], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[User]]:
    lists = [Listed(account.id) for account in roots]
    return await listed(info.context, RequestersByUser, lists, UserById, first=first, after=after)


async def blocked_users(
    roots: Sequence[Account], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[User]]:
    lists = [Listed(account.id) for account in roots]
    return await listed(info.context, BlockedByUser, lists, BlockedUserById, first=first, after=after)


async def muted_users(
    roots: Sequence[Account], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[User]]:
    lists = [Listed(account.id) for account in roots]
    return await listed(info.context, MutedByUser, lists, UserById, first=first, after=after)


@strawberry.input
class FollowUserInput:
    user_id: strawberry.ID


@mutation
async def follow_user(info: Info, input: FollowUserInput) -> Result:
    return await _changed(info, input.user_id, following.follow)


@strawberry.input
class UnfollowUserInput:
    user_id: strawberry.ID


@mutation
async def unfollow_user(info: Info, input: UnfollowUserInput) -> Result:
    return await _changed(info, input.user_id, following.unfollow)


@strawberry.input
class AcceptFollowRequestInput:
    user_id: strawberry.ID


@mutation
async def accept_follow_request(info: Info, input: AcceptFollowRequestInput) -> Result:
    return await _changed(info, input.user_id, following.accept)


@strawberry.input
class DeclineFollowRequestInput:
    user_id: strawberry.ID


@mutation
async def decline_follow_request(info: Info, input: DeclineFollowRequestInput) -> Result:
    return await _changed(info, input.user_id, following.decline)


@strawberry.input
class BlockUserInput:
    user_id: strawberry.ID


@mutation
async def block_user(info: Info, input: BlockUserInput) -> Result:
    return await _changed(info, input.user_id, blocking.block, shown=BlockedUserById)


@strawberry.input
class UnblockUserInput:
    user_id: strawberry.ID


@mutation
async def unblock_user(info: Info, input: UnblockUserInput) -> Result:
    return await _changed(info, input.user_id, blocking.unblock)


@strawberry.input
class MuteUserInput:
    user_id: strawberry.ID


@mutation
async def mute_user(info: Info, input: MuteUserInput) -> Result:
    return await _changed(info, input.user_id, blocking.mute)


@strawberry.input
class UnmuteUserInput:
    user_id: strawberry.ID


@mutation
async def unmute_user(info: Info, input: UnmuteUserInput) -> Result:
    return await _changed(info, input.user_id, blocking.unmute)


async def _changed(
    info: Info,
    node_id: str,
    change: Callable[[Deps, int, int], Awaitable[None]],
    *,
    shown: type[UserById] | type[BlockedUserById] = UserById,
) -> Result:
    """Change how the viewer stands to another; gives both as they are after it."""
    context, viewer_id, other_id = info.context, info.context.signed_in().user_id, id_of("User", node_id)
    if other_id is None:
        raise following.nobody()
    await change(context.deps, viewer_id, other_id)
    context.forget()
    return Result(
        user=await context.loaders[shown].load(other_id),
        viewer=await context.loaders[OwnAccountById].load(viewer_id),
    )
