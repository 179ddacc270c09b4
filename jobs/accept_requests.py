"""The job `accept_requests`."""

from services import following
from services.deps import Deps


async def accept_requests(deps: Deps, user_id: int) -> None:
    """Accept the requests to follow an account that is public."""
    await following.accept_waiting(deps, user_id)
