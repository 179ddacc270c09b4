"""What every kind of picture is: a function from a random number generator and a size to a scene."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from dev.pictures.light import Image


@dataclass(frozen=True)
class Scene:
    """An image before it is developed, with words that fit what it shows."""

    image: Image
    caption: str
    alt_text: str


Maker = Callable[[Random, int, int, int], Scene]
"""Draws a scene of the width and height given in pixels; the last number says how many of its kind came before."""

T = TypeVar("T")


def in_turn(choices: Sequence[T], turn: int) -> T:
    """Palettes and captions take turns, so that a short feed shows as many of them as it can."""
    return choices[turn % len(choices)]
