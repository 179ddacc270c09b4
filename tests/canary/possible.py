"""What may be so while changes are under way: they are sent at one moment, answered at another, and done in between."""

import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Generic, TypeVar

S = TypeVar("S")
Change = Callable[[S], Iterable[tuple[S, str]]]
"""What may come of a change in a state: the next state, and what its sender is answered."""
Done = frozenset[tuple[int, str]]
"""The changes that are done and not answered yet, each with its answer."""

moment = time.monotonic
"""Of what happens in this process, where nothing happens at the same time as anything else."""


class Tracked(Generic[S]):
    """The states that something may be in, given all that was sent and answered, in whatever order it was done.

    An answer that no order explains is a fault. `drift`: the states that it may go over into by itself.
    `views`: what somebody may see of it, by name; whether he may, at any moment, is kept.
    """

    def __init__(
        self,
        state: S,
        views: Mapping[str, Callable[[S], bool]],
        drift: Callable[[S], Iterable[S]] = lambda _: (),
    ) -> None:
        self._drift, self._views = drift, views
        self._pending: dict[int, Change[S]] = {}
        self._worlds: set[tuple[S, Done]] = {(state, frozenset())}
        self._history: dict[str, list[tuple[float, bool]]] = {name: [] for name in views}
        self._settle()

    @property
    def states(self) -> set[S]:
        return {state for state, _ in self._worlds}

    def sent(self, number: int, change: Change[S]) -> None:
        """From here on, the change may have been done."""
        self._pending[number] = change
        self._settle()

    def answered(self, number: int, answer: str) -> None:
        """From here on, it has been."""
        done = number, answer
        before = self.states
        self._worlds = {(state, answers - {done}) for state, answers in self._worlds if done in answers}
        assert self._worlds, f"{answer} cannot be answered to {self._pending[number]} in any of {before}"
        del self._pending[number]
        self._settle()

    def found(self, states: Collection[S]) -> None:
        """At rest: it turned out to be in one of these."""
        assert self.states & set(states), f"{states} is none of {self.states}"
        self._worlds = {(state, done) for state, done in self._worlds if state in states}
        self._settle()

    def may(self, view: str, begin: float, end: float) -> bool:
        """Whether, at any moment from `begin` to `end`, it may have been so."""
        history = self._history[view]
        first = max(bisect_right(history, (begin, False)) - 1, 0)
        return any(was_so for since, was_so in history[first:] if since <= end)

    def history(self, view: str) -> list[tuple[float, bool]]:
        """Each change of whether it may have been so, with its moment."""
        return list(self._history[view])

    def _settle(self) -> None:
        """Add every world that pending changes, and drift, may have led to."""
        fresh = list(self._worlds)
        while fresh:
            new = set(self._next(*fresh.pop())) - self._worlds
            self._worlds |= new
            fresh += new
        now, states = moment(), self.states
        for name, view in self._views.items():
            history, is_so = self._history[name], any(map(view, states))
            if not history or history[-1][1] != is_so:
                history.append((now, is_so))

    def _next(self, state: S, done: Done) -> Iterable[tuple[S, Done]]:
        for after in self._drift(state):
            yield after, done
        for number in self._pending.keys() - {number for number, _ in done}:
            for after, answer in self._pending[number](state):
                yield after, done | {(number, answer)}
