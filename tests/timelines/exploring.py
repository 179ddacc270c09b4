"""Runs of the machine, each of a few examples, until there are enough steps."""

from itertools import count

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.timelines.machine import Feeds

EXAMPLES_OF_RUN, STEPS_OF_EXAMPLE = 9, 60


def explore(machine: type[Feeds], *, steps: int, seed: int, shrinks: bool = True) -> None:
    """Take at least so many steps, in runs whose seeds follow on `seed`; raises what is wrong, with the run's seed.

    A long run would be spent on variations of the first examples of it.
    """
    chosen = settings(
        max_examples=EXAMPLES_OF_RUN,
        stateful_step_count=STEPS_OF_EXAMPLE,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    enough = machine.counted["steps"] + steps
    for number in count(seed):
        try:
            run_state_machine_as_test(hypothesis.seed(number)(machine), settings=chosen)
        except Exception as error:
            error.add_note(f"This was found with seed {number}.")
            raise
        if machine.counted["steps"] >= enough:
            break
