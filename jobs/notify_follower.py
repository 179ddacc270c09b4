"""The job `notify_follower`."""

from services import notifying
from services.deps import Deps


async def notify_follower(deps: Deps, followee_id: int, follower_id: int) -> None:
    """Tell somebody who came to follow him, or no longer does."""
    await notifying.of_follower(deps, followee_id, follower_id)
