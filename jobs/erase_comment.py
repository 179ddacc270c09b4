"""The job `erase_comment`."""

from collections.abc import Sequence

from services import erasing
from services.deps import Deps


async def erase_comment(deps: Deps, comment_id: int, told_ids: Sequence[int] = ()) -> None:
    """Remove what a deleted comment leaves behind."""
    await erasing.erase_comment(deps, comment_id, told_ids)
