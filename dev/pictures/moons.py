"""A print of the moon and its phases."""

import math
from random import Random

from dev.pictures.light import textured
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import TAU, mix, wobbly
from dev.pictures.sheet import Sheet

NIGHTS = [
    ("indigo", "#131b42", "#070a20", "#e9c98b"),
    ("green", "#12352f", "#061613", "#e7d3a1"),
    ("plum", "#3a1736", "#160717", "#f0c9a0"),
]
MOON_CAPTIONS = [
    "Twenty-nine and a half days.",
    "She is never late.",
    "Drew one every night this month.",
    "New, full, and everything between.",
    "For the wall above the desk.",
    "Tonight: the one on the right.",
]


def moons(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, light, dark, gold = in_turn(NIGHTS, turn)
    sheet, unit = Sheet(width, height), min(width, height)
    x, y, orbit, r = width / 2, height / 2, unit * 0.355, unit * 0.066
    sheet.fill(sheet.round((0, light, 1), (1, dark, 1), r=0.75))
    for _ in range(170):
        sheet.disc(
            rng.uniform(0, width),
            rng.uniform(0, height),
            abs(rng.gauss(0.6, 0.7)) + 0.4,
            "#fff4dc",
            opacity=rng.uniform(0.2, 0.9),
        )
    for reach, line in ((0.355, 1.6), (0.27, 1.0), (0.44, 1.0), (0.452, 1.0)):
        sheet.disc(x, y, unit * reach, "none", stroke=gold, stroke_width=line, stroke_opacity=0.55)
    for at in range(120):
        angle, long = TAU * at / 120, 0.012 if at % 5 else 0.024
        ends = [(x + unit * far * math.cos(angle), y + unit * far * math.sin(angle)) for far in (0.452, 0.452 + long)]
        sheet.line(ends, gold, 1.3, stroke_opacity=0.6)
    for at in range(8):
        angle = TAU * at / 8 - TAU / 4
        px, py = x + orbit * math.cos(angle), y + orbit * math.sin(angle)
        sheet.disc(px, py, r * 1.16, mix(dark, light, 0.25))
        sheet.disc(px, py, r, mix(dark, light, 0.9))
        _phase(sheet, px, py, r, at / 8, "#fbf0d9")
    _full_moon(sheet, rng, x, y, unit * 0.185)
    image = textured(sheet.image(), rng.randrange(10**6), 6, 60)
    caption = f"{in_turn(MOON_CAPTIONS, turn)} #moon #{rng.choice(['night', 'phases', 'astronomy', 'print'])}"
    return Scene(
        image,
        caption,
        f"A print in {name} and gold: a full moon, and around it a ring of the eight phases from new to full and back.",
    )


def _phase(sheet: Sheet, x: float, y: float, r: float, phase: float, colour: str) -> None:
    """The lit part of phase 0 (new) to 0.5 (full) to 1: half a disc, up to the ellipse that parts day from night."""
    if phase == 0:
        return
    waxing, squeezed = phase <= 0.5, abs(math.cos(TAU * phase)) * r
    bulge = int((0.25 < phase < 0.75) == waxing)
    sheet.path(f"M{x} {y - r}A{r} {r} 0 0 {int(waxing)} {x} {y + r}A{squeezed} {r} 0 0 {bulge} {x} {y - r}Z", colour)


def _full_moon(sheet: Sheet, rng: Random, x: float, y: float, r: float) -> None:
    sheet.disc(x, y, r * 2.4, sheet.round((0, "#fff2d0", 0.5), (0.42, "#fff2d0", 0.28), (1, "#fff2d0", 0)))
    sheet.disc(x, y, r, sheet.round("#fffaf0", "#f5e6c8", "#d9c29a", cx=0.38, cy=0.36, r=0.75))
    for _ in range(26):
        far, turn, size = r * rng.random() ** 0.6 * 0.8, rng.uniform(0, TAU), r * rng.uniform(0.03, 0.2)
        size = min(size, r * 0.95 - far)
        sheet.blob(
            wobbly(rng, x + far * math.cos(turn), y + far * math.sin(turn), size, 0.22),
            "#b79a72",
            opacity=rng.uniform(0.1, 0.26),
        )
