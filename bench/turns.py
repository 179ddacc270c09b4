"""Whatever is compared takes turns: so all of it meets the same machine."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_turns(ones: Sequence[T], rounds: int) -> Iterator[T]:
    """Each of them once a round; in every second round the last one first."""
    for number in range(rounds):
        yield from ones[:: -1 if number % 2 else 1]
