"""The job `settle_post`."""

from services import publishing
from services.deps import Deps


async def settle_post(deps: Deps, post_id: int) -> None:
    """Publish a post, now that one of its media is READY or FAILED, if that was the last one it waited for."""
    async with deps.database.unit_of_work() as uow:
        await publishing.settle(deps, uow, [post_id])
