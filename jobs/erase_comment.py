"""The job `erase_comment`."""

from services import erasing
from services.deps import Deps


async def erase_comment(deps: Deps, comment_id: int) -> None:
    """Remove what a deleted comment leaves behind."""
    await erasing.erase_comment(deps, comment_id)
