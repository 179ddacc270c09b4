"""Home feeds are right whatever happens to them, in whatever order; and the machine that says so finds what is broken.

`make test-long` takes 100,000 steps more than the few of every run, and says how many of what it made.
"""

from collections import Counter
from collections.abc import Sequence

import pytest

from settings import Settings
from tests.timelines.breaking import broken
from tests.timelines.exploring import explore
from tests.timelines.laboratory import Laboratory
from tests.timelines.machine import Feeds
from tests.timelines.mutants import FOUND_BY_SEARCH, FOUND_BY_STORY
from tests.timelines.scopes import SCOPES
from tests.timelines.stories import STORIES, Story
from tests.timelines.stories_of_privacy import STORIES_OF_PRIVACY

STEPS, STEPS_OF_LONG_RUN = 2_500, 17_000
STEPS_TO_A_MUTANT = 4_000
ALL_POSTS = 1_000
"""Strong mode for more of the latest posts than there ever are."""
RUNS = [(ALL_POSTS, 1_000), (2, 2_000), (0, 3_000)]
LONG_RUNS = [(ALL_POSTS, 4_000), (ALL_POSTS, 5_000), (2, 6_000), (2, 7_000), (0, 8_000), (0, 9_000)]
"""Posts of strong mode, and the first of the seeds."""


@pytest.mark.parametrize(("strong_mode_posts", "seed"), RUNS)
def test_feeds_are_right_whatever_happens(settings: Settings, strong_mode_posts: int, seed: int) -> None:
    search(settings, strong_mode_posts, steps=STEPS, seed=seed)


@pytest.mark.long
@pytest.mark.parametrize(("strong_mode_posts", "seed"), LONG_RUNS)
def test_feeds_are_right_whatever_happens_for_long(settings: Settings, strong_mode_posts: int, seed: int) -> None:
    search(settings, strong_mode_posts, steps=STEPS_OF_LONG_RUN, seed=seed)


@pytest.mark.parametrize("rule", FOUND_BY_SEARCH)
def test_a_broken_rule_is_found(settings: Settings, rule: str) -> None:
    scope, edits = FOUND_BY_SEARCH[rule]
    with broken(edits), pytest.raises(AssertionError, match=r"misses|serves|never ends|stand otherwise"):
        search(settings, ALL_POSTS, scopes=[scope], steps=STEPS_TO_A_MUTANT, seed=0, shrinks=False)


@pytest.mark.parametrize("story", [*STORIES, *STORIES_OF_PRIVACY], ids=lambda story: story.__name__)
def test_a_story_ends_well(settings: Settings, story: Story) -> None:
    with Laboratory(settings) as lab:
        story(lab).come_to_rest()


@pytest.mark.parametrize("rule", FOUND_BY_STORY)
def test_a_broken_rule_spoils_its_story(settings: Settings, rule: str) -> None:
    story, edits = FOUND_BY_STORY[rule]
    with broken(edits), Laboratory(settings) as lab, pytest.raises(AssertionError, match=r"misses|serves|unaccepted"):
        story(lab)


def search(
    settings: Settings,
    strong_mode_posts: int,
    *,
    steps: int,
    seed: int,
    scopes: Sequence[str] = (*SCOPES, "everything"),
    shrinks: bool = True,
) -> None:
    counted = Counter[str]()
    with Laboratory(settings) as lab:
        parts = {"lab": lab, "strong": strong_mode_posts, "scopes": scopes, "counted": counted}
        try:
            explore(type("FeedsInLab", (Feeds,), parts), steps=steps, seed=seed, shrinks=shrinks)
        finally:
            print(f"strong mode for {strong_mode_posts} posts: {dict(counted)}, {dict(lab.deps.tally.feed_reads)}")
