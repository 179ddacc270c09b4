"""The job `push_notification`."""

from services import pushing
from services.deps import Deps


async def push_notification(deps: Deps, notification_id: int, place: int) -> None:
    """Tell a recipient's devices that something new stands in a notification."""
    await pushing.tell_of_notification(deps, notification_id, place)
