"""The job `notify_follow_request`."""

from services import notifying
from services.deps import Deps


async def notify_follow_request(deps: Deps, requestee_id: int, requester_id: int) -> None:
    """Tell an account who asks to follow it, or no longer does."""
    await notifying.of_follow_request(deps, requestee_id, requester_id)
