"""The job `push_post`."""

from services import pushing
from services.deps import Deps


async def push_post(deps: Deps, post_id: int, above: int = 0, up_to: int = 0) -> None:
    """Tell a chunk of the author's followers' devices of a post, and announce the next chunk; the first has nobody."""
    await pushing.tell_of_post(deps, post_id, above=above, up_to=up_to)
