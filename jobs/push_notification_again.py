"""The job `push_notification_again`."""

from services import pushing
from services.deps import Deps


async def push_notification_again(deps: Deps, subscription_id: int, notification_id: int, place: int) -> None:
    """Tell a device, which could not be told before, that something new stands in a notification."""
    await pushing.tell_one_of_notification(deps, subscription_id, notification_id, place)
