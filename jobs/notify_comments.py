"""The job `notify_comments`."""

from collections.abc import Sequence

from services import notifying
from services.deps import Deps


async def notify_comments(deps: Deps, comment_ids: Sequence[int]) -> None:
    """Tell the authors of posts, and those mentioned, of comments."""
    await notifying.of_comments(deps, comment_ids)
