"""State machines that drive a world through its API: a short run in `make test`, a long one in `make test-long`."""

import asyncio
from collections.abc import Coroutine
from typing import Any, ClassVar, NamedTuple, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.world import World

T = TypeVar("T")


class Run(NamedTuple):
    """`is_free`: chosen anew each time, and shrunk to what matters where it fails, which takes minutes."""

    examples: int
    steps: int
    is_free: bool


class InWorld(RuleBasedStateMachine):
    """Runs in a thread, and leaves to the tests' event loop what is asynchronous."""

    world: ClassVar[World]
    loop: ClassVar[asyncio.AbstractEventLoop]

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result()


def runs(*, short: tuple[int, int], long: tuple[int, int]) -> pytest.MarkDecorator:
    """Gives a test its `run`; either has so many examples of so many steps."""
    lengths = [
        pytest.param(Run(*short, is_free=False), id="short"),
        pytest.param(Run(*long, is_free=True), id="long", marks=pytest.mark.long),
    ]
    return pytest.mark.parametrize("run", lengths)


async def drive(machine: type[InWorld], world: World, run: Run) -> None:
    """Raises what is wrong."""
    in_world = type(f"{machine.__name__}InThisWorld", (machine,), {"world": world, "loop": asyncio.get_running_loop()})
    chosen = settings(
        max_examples=run.examples,
        stateful_step_count=run.steps,
        derandomize=not run.is_free,
        phases=[Phase.generate, Phase.shrink] if run.is_free else [Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    await asyncio.to_thread(run_state_machine_as_test, in_world, settings=chosen)
