"""Sand dunes with sharp crests, half in light and half in shade."""

import math
from random import Random

from dev.pictures.nature import starry, sun_disc
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix, wave
from dev.pictures.sheet import Point, Sheet

# name, sky, lit sand, shaded sand
DESERTS = [
    ("terracotta", ["#f3b48b", "#f9d7b0", "#fdeed2"], "#e38b55", "#8b3f2f"),
    ("rose", ["#7d6aa6", "#d79bb0", "#f9d4bd"], "#dd8f83", "#623a5c"),
    ("golden", ["#7db4c4", "#c8dccb", "#f6eccb"], "#ecbd6c", "#a8672f"),
    ("moonlit", ["#0b1030", "#2a2f6b", "#6d5d9c"], "#7c78b0", "#1d1c47"),
]
DESERT_CAPTIONS = {
    "terracotta": [
        "No wind, no sound, no signal.",
        "Two camels were here before us.",
        "Every step slides half of it back.",
    ],
    "rose": ["The sand turns pink for exactly six minutes.", "Evening in the erg.", "Tea on the ridge."],
    "golden": ["Walking on the edge.", "Sand in every pocket since.", "The wind draws, nobody signs."],
    "moonlit": ["Slept outside.", "So bright that we left the lamps off.", "More stars than sand, almost."],
}


def dunes(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, sky, lit, shaded = in_turn(DESERTS, turn)
    horizon = height * rng.uniform(0.34, 0.44)
    sheet = Sheet(width, height)
    sheet.rect(0, 0, width, horizon * 1.5, sheet.down(*sky))
    sun = "#fff7e2" if name != "moonlit" else "#f4f1ff"
    if name == "moonlit":
        starry(sheet, rng, width, horizon)
    sun_disc(sheet, width * rng.uniform(0.18, 0.4), horizon * rng.uniform(0.35, 0.7), min(width, height) * 0.055, sun)
    layers = 6
    for at in range(layers):
        depth = at / (layers - 1)
        haze = 0.72 * (1 - depth) ** 1.2
        _dune(
            sheet,
            rng,
            horizon + (height - horizon) * (depth**1.25) * 0.86,
            height * (0.05 + 0.1 * depth),
            mix(lit, sky[-1], haze),
            mix(shaded, sky[-1], haze * 0.92),
        )
    image = sheet.image()
    words, tag = (
        in_turn(DESERT_CAPTIONS[name], turn // len(DESERTS)),
        rng.choice(["dunes", "sand", "travel", "stillness"]),
    )
    return Scene(
        image,
        f"{words} #desert #{tag}",
        f"Smooth {name} dunes with sharp crests, one side in the light and one in shadow.",
    )


def _dune(sheet: Sheet, rng: Random, base: float, tall: float, lit: str, shaded: str) -> None:
    """A long back in the light; from its peak a winding crest comes down towards us, and right of it lies shade."""
    width, peak = sheet.width, sheet.width * rng.uniform(0.2, 0.85)
    bend, ends = wave(rng, 2), (rng.uniform(0.0, 0.35), rng.uniform(0.0, 0.35))
    back: list[Point] = []
    for x in range(-10, width + 21, 10):
        aside = (x - peak) / (peak + 10 if x < peak else width - peak + 10)
        rise = 1 - abs(aside) ** 1.6 if x < peak else max(0, 1 - aside) ** 1.35
        end = ends[x > peak]
        back.append((x, base - tall * (end + (1 - end) * rise) - tall * 0.06 * bend(x / width)))
    sheet.land(back, sheet.down(mix(lit, "#ffffff", 0.12), lit, mix(lit, shaded, 0.4)))
    top = min(back, key=lambda point: abs(point[0] - peak))
    swing, lean = rng.uniform(0.25, 0.5) * tall * 1.6, rng.uniform(-0.5, 0.9) * tall * 1.7
    falling = [
        (
            top[0] + lean * share + swing * math.sin(share * 5.2) * share**0.6,
            top[1] + (sheet.height - top[1]) * share**1.15,
        )
        for share in (step / 24 for step in range(25))
    ]
    right = [point for point in back if point[0] >= top[0]]
    shade = sheet.down((0, shaded, 0.95), (0.35, mix(shaded, lit, 0.22), 0.9), (1, mix(shaded, lit, 0.5), 0.75))
    sheet.area([*right, (width + 20, sheet.height), *reversed(falling)], shade)
