"""What a deleted thing leaves behind is removed in chunks, however much it is. Nobody sees it any more."""

from collections.abc import Sequence

from services.deps import Deps
from services.events import MediaRemoved
from services.notifying import told_of_comment
from services.withdrawing import withdraw
from stores.postgres import comments, media, posts, reactions


async def erase_post(deps: Deps, post_id: int) -> None:
    """Remove the notifications, likes, saves, comments, media and row of a deleted post. Safe to run again."""
    most = deps.settings.erase_chunk
    async with deps.database.read() as connection:
        told_ids = await posts.author_and_mentioned(connection, post_id)
    await withdraw(deps, [post_id], told_ids)
    removed = most
    while removed:
        async with deps.database.unit_of_work() as uow:
            removed = await reactions.forget_some(uow.connection, post_id, most=most)
    while ids := await _some_comments(deps, post_id):
        async with deps.database.read() as connection:
            erased = await comments.by_ids(connection, ids)
        await _erase_comments(
            deps, ids, sorted({user_id for comment in erased for user_id in told_of_comment(comment)})
        )
    async with deps.database.unit_of_work() as uow:
        left = await media.by_posts(uow.connection, [post_id])
        for row in left:
            await uow.announce(MediaRemoved(row.object_key))
        await media.remove(uow.connection, [row.id for row in left])
        await posts.erase(uow.connection, post_id)


async def erase_comment(deps: Deps, comment_id: int, told_ids: Sequence[int]) -> None:
    """Remove the notifications and likes of a deleted comment. Safe to run again.

    `told_ids`: who may be being told of it at this moment.
    """
    await _erase_comments(deps, [comment_id], told_ids)


async def _some_comments(deps: Deps, post_id: int) -> list[int]:
    async with deps.database.read() as connection:
        return await comments.some_ids(connection, post_id, most=deps.settings.erase_chunk)


async def _erase_comments(deps: Deps, ids: list[int], told_ids: Sequence[int]) -> None:
    await withdraw(deps, ids, told_ids)
    most = deps.settings.erase_chunk
    removed = most
    while removed:
        async with deps.database.unit_of_work() as uow:
            removed = await reactions.forget_some_of_comments(uow.connection, ids, most=most)
    async with deps.database.unit_of_work() as uow:
        await comments.remove_all(uow.connection, ids)
