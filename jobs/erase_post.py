"""The job `erase_post`."""

from services import erasing
from services.deps import Deps


async def erase_post(deps: Deps, post_id: int) -> None:
    """Remove what a deleted post leaves behind."""
    await erasing.erase_post(deps, post_id)
