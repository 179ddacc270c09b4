"""The job `process_media`."""

from services import guarding, uploads
from services.deps import Deps


async def process_media(deps: Deps, media_id: int) -> None:
    """Make the renditions of an uploaded image; put them right where the owner's privacy changed meanwhile."""
    await uploads.process(deps, media_id)
    await guarding.settle(deps, [media_id])
