"""The job `guard_media`."""

from services import guarding
from services.deps import Deps


async def guard_media(deps: Deps, user_id: int, above_id: int = 0) -> None:
    """Have the renditions of an account's media, from an id on, lie where its privacy says."""
    await guarding.guard(deps, user_id, above_id)
