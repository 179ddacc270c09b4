"""Mountain ridges, one behind the other, in the mist of morning or evening."""

import math
from random import Random

from dev.pictures.nature import fir, sun_disc
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix, ramp, ridge
from dev.pictures.sheet import Point, Sheet

# name, sky from top to horizon, land from the farthest to the nearest, sun
DAWNS = [
    ("rose", ["#31406f", "#8a6a9c", "#e39a93", "#fbd3ae"], ["#dba09f", "#80527f", "#1b1d3a"], "#fff1d6"),
    ("blue", ["#0f2747", "#3d6c9a", "#9cc3d6", "#eaf1ea"], ["#a3c2d2", "#376a96", "#0b1b2d"], "#ffffff"),
    ("golden", ["#5f8ba3", "#c9c3a0", "#f6cf93", "#fdeac4"], ["#e6bd88", "#b06a48", "#2f1d26"], "#fffbe8"),
    ("green", ["#6fa39a", "#b4d3bd", "#e6ecd0", "#fbf4dc"], ["#a9c9b4", "#3f8271", "#0c2826"], "#fffdf0"),
    ("violet", ["#1c1647", "#5b3c8c", "#c56f9f", "#f9bd9c"], ["#bd7aa3", "#64307a", "#150f2e"], "#ffe9d2"),
]
MOUNTAIN_CAPTIONS = {
    "rose": ["Up at four for this. Worth it.", "The valley was still asleep.", "First light, last coffee."],
    "blue": ["Blue on blue on blue.", "Ridge after ridge after ridge.", "Cold hands, clear head."],
    "golden": ["Last light from the hut.", "The kind of evening you walk all day for.", "Everything turned to honey."],
    "green": ["Rain all night, and then this.", "Breathing in.", "The hills put on their coats."],
    "violet": [
        "The sky could not make up its mind.",
        "Ten minutes later it was dark.",
        "Nobody believed me about the colours.",
    ],
}


def mountains(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, sky, land, sun = in_turn(DAWNS, turn)
    layers, horizon, unit = rng.randint(6, 8), height * rng.uniform(0.38, 0.47), min(width, height)
    sheet = Sheet(width, height)
    sheet.rect(0, 0, width, horizon * 1.35, sheet.down(*sky))
    sheet.rect(0, horizon * 1.3, width, height, sky[-1])
    x, y = width * rng.uniform(0.25, 0.75), horizon * rng.uniform(0.62, 0.9)
    sun_disc(sheet, x, y, unit * rng.uniform(0.05, 0.085), sun)
    for at in range(layers):
        depth = at / (layers - 1)
        colour, base = ramp(land, depth**0.85), horizon + (height * 0.86 - horizon) * depth**1.15
        mist = mix(colour, sky[-1], 0.45 * (1 - depth))
        outline = ridge(rng, width, base, height * (0.035 + 0.06 * math.sin(math.pi * (0.25 + depth * 0.6))), 0.52)
        sheet.land(outline, sheet.down((0, colour, 1), (0.45 - 0.2 * depth, mist, 1)))
        if at == layers - 1:
            _firs_on(sheet, rng, outline, height * 0.03, land[-1])
    image = sheet.image()
    words, tag = (
        in_turn(MOUNTAIN_CAPTIONS[name], turn // len(DAWNS)),
        rng.choice(["dawn", "hiking", "mist", "outdoors"]),
    )
    return Scene(
        image,
        f"{words} #mountains #{tag}",
        f"{layers} layers of mountain ridges fade into mist under a low sun, in {name} light.",
    )


def _firs_on(sheet: Sheet, rng: Random, outline: list[Point], tall: float, colour: str) -> None:
    for x, y in outline:
        for _ in range(2):
            fir(sheet, rng, x + rng.uniform(-4, 4), y + tall * 0.3, tall * rng.uniform(0.4, 1.3), colour)
