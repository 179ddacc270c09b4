"""The job `push_post_again`."""

from services import pushing
from services.deps import Deps


async def push_post_again(deps: Deps, subscription_id: int, post_id: int) -> None:
    """Tell a follower's device, which could not be told before, of a post."""
    await pushing.tell_one_of_post(deps, subscription_id, post_id)
