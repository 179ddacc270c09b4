"""Two ways of doing the same, which take turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.tables import spread

ENGINES = "graphql_core_cpu_us", "cpu_us", "times_as_fast"
"""Of a row: graphql-core and our executor, in this order."""


@dataclass(frozen=True)
class Pairs:
    """Of each round, the same figure of two ways."""

    rounds: Sequence[tuple[float, float]]

    @property
    def ratio(self) -> float:
        """How many times the other's the one's is: the median of the rounds' ratios."""
        return median(one / other for one, other in self.rounds)

    def row(self, one: str, other: str, ratio: str) -> dict[str, object]:
        """As JSON, by names for what it has."""
        return {one: self._middle[0], other: self._middle[1], ratio: self.ratio, "rounds": self.rounds}

    def shown(self) -> list[str]:
        """Of each its median, and least to most; then the ratio."""
        (one, other), (ones, others) = self._middle, zip(*self.rounds, strict=True)
        return [f"{one:,.0f}", spread(ones), f"{other:,.0f}", spread(others), f"{self.ratio:.2f}"]

    @property
    def _middle(self) -> tuple[float, float]:
        return median(one for one, _ in self.rounds), median(other for _, other in self.rounds)
