"""The job `notify_post_likes`."""

from collections.abc import Sequence

from services import notifying
from services.deps import Deps
from stores.postgres.reactions import Mark


async def notify_post_likes(deps: Deps, marks: Sequence[tuple[int, int]]) -> None:
    """Tell the authors of posts who came to like them, or no longer does."""
    await notifying.of_post_likes(deps, [Mark(post_id, user_id) for post_id, user_id in marks])
