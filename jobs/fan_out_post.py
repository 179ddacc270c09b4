"""The job `fan_out_post`."""

from services import fan_out
from services.deps import Deps


async def fan_out_post(deps: Deps, post_id: int) -> None:
    """Put a published post on the timelines of its author's followers."""
    await fan_out.push(deps, post_id)
