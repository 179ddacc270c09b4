"""The demo's pictures and people, made by the program: the same seed always gives the same picture."""

from dataclasses import dataclass
from random import Random

from dev.pictures.arches import arches
from dev.pictures.aurora import aurora
from dev.pictures.balloons import balloons
from dev.pictures.city import skyline
from dev.pictures.cutouts import cutouts
from dev.pictures.dunes import dunes
from dev.pictures.flow import flow
from dev.pictures.forest import forest
from dev.pictures.island import island
from dev.pictures.light import developed
from dev.pictures.meadow import meadow
from dev.pictures.moons import moons
from dev.pictures.mountains import mountains
from dev.pictures.people import Person, people
from dev.pictures.poster import poster
from dev.pictures.rain import rain
from dev.pictures.scene import Maker
from dev.pictures.sea import sea
from dev.pictures.vases import vases

PORTRAIT, SQUARE, WIDE = (1080, 1350), (1080, 1080), (1080, 608)
ANY = (PORTRAIT, PORTRAIT, PORTRAIT, SQUARE, WIDE)
TALL = (PORTRAIT, PORTRAIT, SQUARE)

SCENES: list[tuple[Maker, tuple[tuple[int, int], ...]]] = [
    (mountains, ANY),
    (vases, TALL),
    (aurora, TALL),
    (cutouts, ANY),
    (sea, ANY),
    (arches, TALL),
    (skyline, ANY),
    (meadow, ANY),
    (island, TALL),
    (dunes, ANY),
    (rain, TALL),
    (balloons, ANY),
    (poster, TALL),
    (forest, ANY),
    (flow, TALL),
    (moons, TALL),
]
"""The kinds of scene with the sizes that suit each; neighbours differ, because neighbouring seeds meet in a feed."""


@dataclass(frozen=True)
class Picture:
    """A JPEG with its size in pixels, a caption with hashtags, and words for those who cannot see it."""

    jpeg: bytes
    width: int
    height: int
    caption: str
    alt_text: str


def picture(seed: int) -> Picture:
    """The picture of this number: each kind of scene in turn, in colours and shapes of its own."""
    rng = Random(seed)
    turn, kind = divmod(seed, len(SCENES))
    make, sizes = SCENES[kind]
    width, height = rng.choice(sizes)
    scene = make(rng, width, height, turn)
    return Picture(developed(scene.image, seed), width, height, scene.caption, scene.alt_text)


__all__ = ["SCENES", "Person", "Picture", "people", "picture"]
