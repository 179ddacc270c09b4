"""The job `refresh_timeline`."""

from services import timelines
from services.deps import Deps


async def refresh_timeline(deps: Deps, viewer_id: int) -> None:
    """Bring a viewer's timeline up to whom he follows."""
    await timelines.refresh(deps, viewer_id)
