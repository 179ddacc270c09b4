"""The job `notify_follow_accepted`."""

from services import notifying
from services.deps import Deps


async def notify_follow_accepted(deps: Deps, followee_id: int, follower_id: int) -> None:
    """Tell somebody that he follows an account which he had asked to."""
    await notifying.of_follow_accepted(deps, followee_id, follower_id)
