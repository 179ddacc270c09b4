"""The job `process_media`."""

from services import uploads
from services.deps import Deps


async def process_media(deps: Deps, media_id: int) -> None:
    """Make the renditions of an uploaded image."""
    await uploads.process(deps, media_id)
