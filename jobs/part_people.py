"""The job `part_people`."""

from services import withdrawing
from services.deps import Deps


async def part_people(deps: Deps, blocker_id: int, blocked_id: int, place: int) -> None:
    """Remove what two people have been told of each other, as one has blocked the other."""
    await withdrawing.part(deps, blocker_id, blocked_id, place)
