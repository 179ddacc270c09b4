"""The job `notify_mentions`."""

from collections.abc import Sequence

from services import notifying
from services.deps import Deps


async def notify_mentions(deps: Deps, post_id: int, author_id: int, mentioned_ids: Sequence[int]) -> None:
    """Tell those whom a post mentions, and no longer those whom it does not."""
    await notifying.of_mentions(deps, post_id, author_id, mentioned_ids)
