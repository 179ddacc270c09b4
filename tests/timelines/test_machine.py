"""Home feeds are right whatever happens to them, in whatever order; and the machine that says so finds what is broken.

`make test-long` takes 100,000 steps instead of a few thousand; with `pytest -s` it says how many of what it made.
"""

import os
from collections import Counter

import pytest

from settings import Settings
from tests.timelines.laboratory import Laboratory
from tests.timelines.machine import Feeds, explore
from tests.timelines.mutants import MUTANTS, broken

pytestmark = pytest.mark.long
STEPS = 34_000 if os.environ.get("PHOTOFEED_TEST_LONG") else 1_500
STEPS_TO_A_MUTANT = 4_000


@pytest.mark.parametrize("strong_mode_posts", [1_000, 2, 0])
def test_feeds_are_right_whatever_happens(settings: Settings, strong_mode_posts: int) -> None:
    counted = Counter[str]()
    with Laboratory(settings) as lab:
        explore(machine_in(lab, strong_mode_posts, counted), steps=STEPS, seed=1)
    print(f"strong mode for {strong_mode_posts} posts: {dict(counted)}, {dict(lab.deps.tally.feed_reads)}")


@pytest.mark.parametrize("rule", MUTANTS)
def test_a_broken_rule_is_found(settings: Settings, rule: str) -> None:
    with broken(MUTANTS[rule]), Laboratory(settings) as lab, pytest.raises(AssertionError):
        explore(machine_in(lab, 1_000, Counter()), steps=STEPS_TO_A_MUTANT, seed=0, shrinks=False)


def machine_in(lab: Laboratory, strong: int, counted: Counter[str]) -> type[Feeds]:
    return type("FeedsIn", (Feeds,), {"lab": lab, "strong": strong, "counted": counted})
