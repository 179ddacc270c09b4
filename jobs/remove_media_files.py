"""The job `remove_media_files`."""

from services import uploads
from services.deps import Deps


async def remove_media_files(deps: Deps, object_key: str) -> None:
    """Remove the files of media whose row is gone."""
    await uploads.remove_files(deps, object_key)
