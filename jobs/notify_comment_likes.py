"""The job `notify_comment_likes`."""

from collections.abc import Sequence

from services import notifying
from services.deps import Deps
from stores.postgres.reactions import Mark


async def notify_comment_likes(deps: Deps, marks: Sequence[tuple[int, int]]) -> None:
    """Tell the authors of comments who came to like them, or no longer does."""
    await notifying.of_comment_likes(deps, [Mark(comment_id, user_id) for comment_id, user_id in marks])
