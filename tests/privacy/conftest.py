"""The town, which is built once and stands until another test empties the world."""

import pytest

from tests.privacy.town import Town
from tests.world import World

_built: list[Town] = []


@pytest.fixture
async def town(photofeed: World) -> Town:
    if not _built or _built[0].world is not photofeed or not await _built[0].is_standing():
        _built[:] = [await Town(photofeed).built()]
    return _built[0]


def forget_the_town() -> None:
    """Who asks for it next gets a new one."""
    _built.clear()
