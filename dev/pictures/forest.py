"""Fir trees in fog, with a pale sun behind them."""

from random import Random

from dev.pictures.nature import fir, sun_disc
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix, rolling, wave
from dev.pictures.sheet import Sheet

FORESTS = [
    ("white", ["#c9d6d5", "#e6ece4", "#f6f3e4"], "#b6c8c4", "#0f2624", "#ffffff"),
    ("amber", ["#e8a45c", "#f5cf8e", "#fdeec6"], "#e9b574", "#2b1717", "#fffbe6"),
    ("moonlit", ["#0d1b3a", "#27477a", "#6d93b8"], "#587fa8", "#050c1c", "#f4f7ff"),
    ("pink", ["#a98bbf", "#eab4c0", "#fbe0d2"], "#d3a5bd", "#241638", "#fff6ee"),
]
FOREST_CAPTIONS = [
    "Nobody else on the trail.",
    "Smells of resin and rain.",
    "Listening to woodpeckers.",
    "Slow walk, long thermos.",
    "The fog took the other half of the valley.",
    "Lost the path twice, found it three times.",
    "Every shade between the trees.",
]


def forest(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, sky, far, near, sun = in_turn(FORESTS, turn)
    sheet = Sheet(width, height)
    sheet.fill(sheet.down(*sky))
    sun_disc(
        sheet,
        width * rng.uniform(0.3, 0.7),
        height * rng.uniform(0.2, 0.34),
        min(width, height) * rng.uniform(0.08, 0.12),
        sun,
    )
    layers = 6
    for at in range(layers):
        depth = at / (layers - 1)
        colour, foot = mix(far, near, depth**0.8), height * (0.52 + 0.45 * depth)
        ground = rolling(width, foot, height * 0.03, wave(rng, 2))
        tall = height * (0.12 + 0.52 * depth**1.8)
        count = int(width / tall * (9 - 3 * depth))
        for tree in range(count):
            x, grown = width * (tree + rng.uniform(-0.6, 1.6)) / count, rng.betavariate(2, 1.6)
            if at >= layers - 2 and 0.5 - 0.06 * at < x / width < 0.44 + 0.07 * at:
                continue  # a clearing, to see through
            fir(sheet, rng, x, foot + height * 0.05, tall * (0.35 + 0.75 * grown), colour)
        sheet.land(ground, sheet.down(colour, mix(colour, sky[-1], 0.45 * (1 - depth))))
        fog = sheet.down((0, sky[-1], 0), (0.55, sky[-1], 0.34 * (1 - depth)), (1, sky[-1], 0))
        sheet.rect(0, foot - height * 0.16, width, height * 0.3, fog)
    _birds(sheet, rng, width, height * 0.22, near)
    caption = f"{in_turn(FOREST_CAPTIONS, turn)} #forest #{rng.choice(['trees', 'walk', 'quiet', 'nature'])}"
    return Scene(sheet.image(), caption, f"Rows of fir trees stand in {name} fog, and a pale sun hangs behind them.")


def _birds(sheet: Sheet, rng: Random, width: float, y: float, colour: str) -> None:
    x, y = width * rng.uniform(0.2, 0.6), y * rng.uniform(0.7, 1.2)
    for _ in range(rng.randint(4, 8)):
        bx, by, span = x + rng.gauss(0, width * 0.08), y + rng.gauss(0, width * 0.03), width * rng.uniform(0.006, 0.012)
        wings = [
            (bx - span, by - span * 0.5),
            (bx - span * 0.4, by - span * 0.55),
            (bx, by),
            (bx + span * 0.4, by - span * 0.5),
        ]
        sheet.line([*wings, (bx + span, by - span * 0.3)], colour, 2.2, stroke_opacity=0.75)
