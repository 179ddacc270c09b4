"""What every kind of picture is: a function from a random number generator and a size to a scene."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from dev.pictures.light import Image


@dataclass(frozen=True)
class Scene:
    """An image before it is developed, with words that fit what it shows."""

    image: Image
    caption: str
    alt_text: str


Maker = Callable[[Random, int, int], Scene]
"""Draws a scene of the width and height given in pixels."""
