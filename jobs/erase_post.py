"""The job `erase_post`."""

from services import posting
from services.deps import Deps


async def erase_post(deps: Deps, post_id: int) -> None:
    """Remove what a deleted post leaves behind."""
    await posting.erase(deps, post_id)
