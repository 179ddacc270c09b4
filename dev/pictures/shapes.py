"""Lines that look grown: crests, waves, wobbly outlines; and mixed colours."""

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random

from dev.pictures.sheet import Point

TAU = math.tau


def mix(one: str, other: str, share: float) -> str:
    """A colour between two (#rrggbb), mixed in linear light, which keeps it from going grey and dark."""
    both = zip(_linear(one), _linear(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share) ** (1 / 2.2)):02x}" for a, b in both)


def ramp(colours: list[str], share: float) -> str:
    """The colour at a share, 0 to 1, of the way along a row of colours."""
    place = min(max(share, 0), 0.9999) * (len(colours) - 1)
    return mix(colours[int(place)], colours[int(place) + 1], place % 1)


def _linear(colour: str) -> list[float]:
    return [(int(colour[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5)]


def crest(rng: Random, rough: float = 0.5, levels: int = 8) -> list[float]:
    """Heights from -1 to 1 at 2**levels + 1 places, by moving midpoints; each level moves `rough` times as far."""
    heights = [rng.uniform(-1, 1), rng.uniform(-1, 1)]
    move = 1.0
    for _ in range(levels):
        between = [(a + b) / 2 + rng.uniform(-move, move) for a, b in pairwise(heights)]
        heights = [h for pair in zip(heights, between, strict=False) for h in pair] + heights[-1:]
        move *= rough
    low, high = min(heights), max(heights)
    return [(h - low) / (high - low) * 2 - 1 for h in heights]


def ridge(rng: Random, width: float, base: float, tall: float, rough: float = 0.5) -> list[Point]:
    """A mountain's outline from left to right, `tall` pixels above and below `base`."""
    heights = crest(rng, rough)
    step = (width + 20) / (len(heights) - 1)
    return [(at * step - 10, base - height * tall) for at, height in enumerate(heights)]


def wave(rng: Random, octaves: int = 3, slowest: float = 1.0) -> Callable[[float], float]:
    """A smooth function of a place from 0 to 1, within about -1 to 1, the slowest part swinging `slowest` times."""
    parts = [(0.55**n, slowest * 1.9**n * rng.uniform(0.8, 1.2), rng.uniform(0, TAU)) for n in range(octaves)]
    return lambda at: sum(size * math.sin(TAU * speed * at + phase) for size, speed, phase in parts) / 1.4


def rolling(width: float, base: float, tall: float, bend: Callable[[float], float], step: int = 12) -> list[Point]:
    """A hill's outline from left to right, bent by a wave."""
    count = int(width // step) + 2
    return [(at * step, base - tall * bend(at * step / width)) for at in range(count)]


def wobbly(rng: Random, x: float, y: float, r: float, wobble: float = 0.15, corners: int = 9) -> list[Point]:
    """Points around a circle, out of round by up to `wobble`."""
    start = rng.uniform(0, TAU)
    reach = [r * (1 + rng.uniform(-wobble, wobble)) for _ in range(corners)]
    return [
        (x + far * math.cos(start + TAU * at / corners), y + far * math.sin(start + TAU * at / corners))
        for at, far in enumerate(reach)
    ]
