"""Nobody is ever answered what he was allowed at no moment of his request; and a run finds whatever rule is broken.

`make test-long` has 20,000 operations, and says how often each way showed what.
"""

import logging
from collections.abc import AsyncIterator, Sequence

import pytest

from settings import Settings
from tests.canary.at_rest import all_is_as_the_model_says
from tests.canary.carrying_out import carried_out
from tests.canary.mutants import FOUND_IN_TIME, FOUND_SOON
from tests.canary.reading import ACTIONS as READING
from tests.processes import another_process
from tests.timelines.breaking import Edit, broken
from tests.world import World

pytestmark = pytest.mark.long
PATIENT = {"database_pool_wait_s": 120, "database_statement_timeout_ms": 120_000, "access_token_s": 86_400}
"""So that nobody is refused who waits for all the others, and nobody has to sign in anew."""
SEED = 5
LONG_SEED = 50


@pytest.fixture
async def processes(
    world: World, settings: Settings, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Sequence[World]]:
    """Two of the API, over the same stores, which are silent: a line for each request is no help."""
    caplog.set_level(logging.CRITICAL)
    async with another_process(settings, **PATIENT) as one, another_process(settings, **PATIENT) as other:
        yield [one, other]


async def test_no_canary_is_shown_to_whom_it_was_not_allowed(processes: Sequence[World]) -> None:
    await nothing_leaks(processes, people=20, operations=1_500, seed=SEED)


async def test_no_canary_of_fifty_people_is_shown_in_twenty_thousand_operations(processes: Sequence[World]) -> None:
    shown = await nothing_leaks(processes, people=50, operations=20_000, seed=LONG_SEED)
    print("canaries that were shown to whom they were allowed:", shown)


@pytest.mark.parametrize("rule", FOUND_SOON)
async def test_a_broken_rule_is_found(processes: Sequence[World], rule: str) -> None:
    assert await found(processes, FOUND_SOON[rule])


@pytest.mark.parametrize("rule", FOUND_IN_TIME)
async def test_a_broken_rule_that_seldom_shows_is_found(processes: Sequence[World], rule: str) -> None:
    assert await found(processes, FOUND_IN_TIME[rule])


async def found(processes: Sequence[World], edits: Sequence[Edit]) -> list[object]:
    """The first leaks of a mutant, and errors, where what one part shows another hides."""
    with broken(edits):
        run = await carried_out(processes, people=12, operations=3_000, seed=SEED)
    return [*run.model.leaks, *run.troubles]


async def nothing_leaks(processes: Sequence[World], *, people: int, operations: int, seed: int) -> dict[str, int]:
    """How many canaries each way showed."""
    run = await carried_out(processes, people=people, operations=operations, seed=seed)
    assert (run.model.leaks, run.troubles) == ([], [])
    assert READING.keys() <= {way for way, _ in run.model.shown}
    await all_is_as_the_model_says(run)
    assert (run.model.leaks, run.troubles) == ([], [])
    return {f"{kind} by {way}": number for (way, kind), number in run.model.shown.items()}
