"""The job `reclassify_author`."""

from services import fan_out
from services.deps import Deps


async def reclassify_author(deps: Deps, author_id: int) -> None:
    """Give an author the class that his reach calls for."""
    await fan_out.reclassify(deps, author_id)
