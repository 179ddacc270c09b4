"""Poppies and cornflowers in long grass, most of them out of focus."""

import math
from random import Random

from dev.pictures.light import blurred, enlarged, over
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix, wobbly
from dev.pictures.sheet import Sheet

# name, air from top to bottom, grass, petals
MEADOWS = [
    ("poppies", ["#bcd9e8", "#f3eecb", "#b9c77a", "#4d6b32"], "#3f5f2c", ["#e03c2d", "#f05a3c", "#c9281f"]),
    ("cornflowers", ["#f7d9b5", "#f7ecc8", "#a9bb80", "#3a5a3a"], "#33553a", ["#3f5fd0", "#5b7fe6", "#8a6fd8"]),
    ("cosmos", ["#f4c6c9", "#fbe6d4", "#b7bd85", "#4a5f3d"], "#46603a", ["#e26fa0", "#f3a6c4", "#c94f8a", "#fff1f3"]),
    ("marigolds", ["#8fb6d9", "#dfe8d6", "#a8b35f", "#39502a"], "#38552a", ["#f6a21e", "#f9c22e", "#ef7f1a"]),
]
MEADOW_CAPTIONS = [
    "Lay down in it for an hour.",
    "Counting bees.",
    "At knee height.",
    "They come back every year, nobody plants them.",
    "Shoes off.",
    "Not a single straight stem.",
    "The loudest silence: a field in summer.",
]


def meadow(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, air, grass, petals = in_turn(MEADOWS, turn)
    unit = min(width, height)
    ground = Sheet(width // 3, height // 3)
    ground.fill(ground.down(*air))
    x = width * rng.uniform(0.15, 0.85) / 3
    ground.disc(
        x, height * 0.03, unit * 0.32, ground.round((0, "#fffbe6", 0.95), (0.3, "#fffbe6", 0.5), (1, "#fffbe6", 0))
    )
    image = enlarged(ground.image(), width, height)
    for near, sigma, count in ((0.25, 0.013, 60), (0.5, 0.006, 30), (1.0, 0, 9)):
        scale = 3 if sigma else 1
        plants = Sheet(width // scale, height // scale)
        _plants(plants, rng, near, count, unit / scale, mix(grass, air[1], 0.45 * (1 - near)), petals)
        layer = blurred(plants.image(), unit * sigma / scale) if sigma else plants.image()
        image = over(image, enlarged(layer, width, height) if sigma else layer)
    motes = Sheet(width, height)
    for _ in range(40):
        px, py, r = rng.uniform(0, width), rng.uniform(0, height * 0.75), unit * rng.uniform(0.002, 0.012)
        motes.disc(px, py, r, motes.round((0, "#fffbe0", 0.7), (0.7, "#fffbe0", 0.4), (1, "#fffbe0", 0)))
    caption = f"{in_turn(MEADOW_CAPTIONS, turn)} #{name} #{rng.choice(['meadow', 'summer', 'wildflowers', 'flowers'])}"
    return Scene(
        over(image, motes.image()),
        caption,
        f"A summer meadow of {name} against the light; the nearest are sharp, the rest melt away.",
    )


def _plants(sheet: Sheet, rng: Random, near: float, count: int, unit: float, grass: str, petals: list[str]) -> None:
    for _ in range(int(240 * (1.1 - near * 0.55))):
        x, tall, lean = (
            rng.uniform(-0.05, 1.05) * sheet.width,
            unit * (0.3 + 0.22 * near) * rng.uniform(0.4, 1.15),
            rng.gauss(0, 0.13),
        )
        foot, r = sheet.height * (1.06 - 0.22 * (1 - near)), unit * (0.003 + 0.004 * near)
        tip = (x + tall * lean, foot - tall)
        blade = mix(grass, rng.choice(["#f2f0a8", "#10240f", "#d8e59a"]), rng.uniform(0, 0.22))
        left, right = f"Q{x} {foot - tall * 0.6} {tip[0]} {tip[1]}", f"Q{x + r * 2} {foot - tall * 0.5} {x + r} {foot}"
        sheet.path(f"M{x - r} {foot}{left}{right}Z", blade)
    for at in range(count):
        x = sheet.width * ((at + rng.uniform(0.1, 0.9)) / count)
        tall = unit * (0.34 + 0.26 * near) * rng.uniform(0.55, 1.25)
        _flower(
            sheet,
            rng,
            x,
            sheet.height * (1.04 - 0.24 * (1 - near)),
            tall,
            unit * (0.016 + 0.05 * near) * rng.uniform(0.75, 1.15),
            grass,
            petals,
        )


def _flower(
    sheet: Sheet, rng: Random, x: float, foot: float, tall: float, r: float, grass: str, petals: list[str]
) -> None:
    """A cup of petals, seen from a little above, on a bent stem; each petal darkens towards the heart."""
    lean = rng.gauss(0, 0.16)
    stem = [(x + tall * lean * (at / 6) ** 1.7, foot - tall * at / 6) for at in range(7)]
    sheet.line(stem, mix(grass, "#dfe89a", 0.08), max(r * 0.09, 1))
    px, py = stem[-1]
    count, start, hue = rng.choice([5, 6, 7]), rng.uniform(0, 6), rng.choice(petals)
    with sheet.group(transform=f"translate({px:.1f} {py:.1f}) rotate({lean * 70:.0f}) scale(1 0.72)"):
        for at in sorted(range(count), key=lambda at: math.sin(start + math.tau * at / count)):
            turn = start + math.tau * at / count
            colour = mix(hue, rng.choice(["#ffffff", "#3a0a20"]), rng.uniform(0, 0.12))
            reach = r * 0.62
            outline = wobbly(rng, reach * math.cos(turn), reach * math.sin(turn), r * 0.6, 0.1, 8)
            dark = mix(colour, "#2a0618", 0.3)
            sheet.blob(
                outline,
                sheet.round(
                    (0, dark, 1),
                    (0.6, colour, 1),
                    (1, mix(colour, "#ffffff", 0.16), 1),
                    cx=0.5 - 0.42 * math.cos(turn),
                    cy=0.5 - 0.42 * math.sin(turn),
                    r=0.95,
                ),
            )
        sheet.disc(0, 0, r * 0.24, mix("#2a2412", hue, 0.06))
        for at in range(12):
            sheet.disc(r * 0.3 * math.cos(at * 0.524), r * 0.3 * math.sin(at * 0.524), r * 0.045, "#f3d36b")
