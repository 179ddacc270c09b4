"""Arches, one within the other, and the sea behind the last."""

import math
from dataclasses import dataclass
from random import Random

from dev.pictures.light import textured
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix
from dev.pictures.sheet import Point, Sheet

# name, walls from the nearest to the farthest, sky, sea, floor
COASTS = [
    (
        "peach",
        ["#e9967a", "#f0ab8b", "#f6c3a4", "#fbdcc4"],
        ["#7fb8d4", "#cfe6e4", "#fdeccf"],
        ["#3f93ad", "#2c6f90"],
        "#f1b592",
    ),
    (
        "pink",
        ["#cf7f95", "#dd98a8", "#eab4bd", "#f6d3d3"],
        ["#8fa8df", "#d6c8ea", "#fde3dc"],
        ["#6f8fc9", "#4a6bab"],
        "#e3a3ad",
    ),
    (
        "white",
        ["#dfe3e6", "#e9ecec", "#f2f2ee", "#fbf8f1"],
        ["#2f8fd0", "#8cc8ea", "#e5f3f2"],
        ["#1c75b8", "#0f5593"],
        "#e2ddd2",
    ),
    (
        "ochre",
        ["#c98a3d", "#d89f55", "#e5b774", "#f1d19c"],
        ["#4f9aa8", "#a9d2c8", "#fbecc6"],
        ["#2b7f8f", "#1d5f74"],
        "#d9a964",
    ),
]
ARCH_CAPTIONS = [
    "Door after door after sea.",
    "Somewhere south.",
    "Shade at last.",
    "Architecture as a telescope.",
    "Followed the breeze inside.",
    "Whoever built this knew the sun.",
    "One more door.",
]


SHADE, SHINE = "#3a1f2a", "#fff6e0"


@dataclass(frozen=True)
class Arch:
    """Its middle and foot in pixels, half its width, and its height."""

    x: float
    foot: float
    half: float
    tall: float

    def outline(self) -> list[Point]:
        top, bow = self.foot - self.tall + self.half, [math.pi * at / 48 for at in range(49)]
        round_ = [(self.x - self.half * math.cos(turn), top - self.half * math.sin(turn)) for turn in bow]
        return [(self.x - self.half, self.foot), *round_, (self.x + self.half, self.foot)]


def arches(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, walls, sky, water, floor = in_turn(COASTS, turn)
    sheet, unit, lean = Sheet(width, height), min(width, height), rng.choice([-1, 1]) * rng.uniform(0.02, 0.05)
    sheet.fill(sheet.across(mix(walls[0], "#ffffff", 0.1), mix(walls[0], SHADE, 0.1)))
    arch = Arch(width / 2, height * 0.9, unit * 0.36, height * 0.76)
    for at, wall in enumerate(walls):
        sheet.area(arch.outline(), mix(wall, SHADE, 0.24))
        with sheet.group(clip_path=sheet.clip(arch.outline())):
            if at + 1 < len(walls):
                _wall(sheet, arch, walls[at + 1], math.copysign(unit * 0.02, lean))
            else:
                _seascape(sheet, arch, sky, water, unit)
            step = arch.foot - height * 0.045 * (1 - at / 5)
            sheet.rect(0, step, width, height * 0.05, sheet.down(mix(floor, "#ffffff", 0.22), floor))
        arch = Arch(arch.x + lean * unit, arch.foot - height * 0.042, arch.half * 0.73, arch.tall * 0.745)
    _ground(sheet, height * 0.9, unit, floor)
    image, tag = textured(sheet.image(), rng.randrange(10**6), 5, 90), rng.choice(["arches", "minimal", "travel"])
    seen = f"A row of {name} arches, one within the other, leads the eye to the sea and a low sun."
    return Scene(image, f"{in_turn(ARCH_CAPTIONS, turn)} #architecture #{tag}", seen)


def _wall(sheet: Sheet, arch: Arch, colour: str, aside: float) -> None:
    """The next wall, set back: the thickness of this one shows on one side."""
    tones = [mix(colour, "#ffffff", 0.1), mix(colour, SHADE, 0.07)]
    moved = Arch(arch.x + aside, arch.foot, arch.half, arch.tall - abs(aside) * 0.4)
    sheet.area(moved.outline(), sheet.across(*(tones if aside > 0 else reversed(tones))))


def _ground(sheet: Sheet, top: float, unit: float, colour: str) -> None:
    """The floor before the arches, and the light that falls through them."""
    middle, bottom = sheet.width / 2, sheet.height
    tones = sheet.down(mix(colour, "#ffffff", 0.12), mix(colour, SHADE, 0.12))
    sheet.rect(0, top, sheet.width, bottom - top, tones)
    far = [(middle - unit * 0.3, top), (middle + unit * 0.3, top)]
    near = [(middle + unit * 0.2, bottom), (middle - unit * 0.62, bottom)]
    sheet.area([*far, *near], sheet.down((0, SHINE, 0.55), (1, SHINE, 0.12)))


def _seascape(sheet: Sheet, arch: Arch, sky: list[str], water: list[str], unit: float) -> None:
    left, wide, tall = arch.x - arch.half, arch.half * 2, arch.tall
    horizon = arch.foot - tall * 0.32
    sheet.rect(left, arch.foot - tall, wide, tall, sheet.down(*sky, sky[-1]))
    sheet.disc(arch.x, horizon - tall * 0.13, wide * 0.6, sheet.round((0, SHINE, 0.8), (1, SHINE, 0)))
    sheet.disc(arch.x, horizon - tall * 0.13, wide * 0.14, "#fffdf2")
    sheet.rect(left, horizon, wide, tall, sheet.down(*water))
    for at in range(14):
        reach = wide * (0.1 + 0.012 * at) * (1 if at % 2 else 0.55)
        sheet.ellipse(arch.x, horizon + 3 + tall * 0.021 * at, reach, unit * 0.0016, SHINE, opacity=0.7)
