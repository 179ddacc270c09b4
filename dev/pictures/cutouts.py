"""Figures cut from coloured paper."""

import math
from random import Random

from dev.pictures.light import textured
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import TAU
from dev.pictures.sheet import Point, Sheet

PAPERS = [
    ["#f3e9d8", "#1f4e8c", "#e4572e", "#f2b134", "#2a7f62", "#f2a7b5", "#17223b"],
    ["#f6efe2", "#0f5f6b", "#ef8354", "#f5c65b", "#6a4c93", "#b9d8c2", "#2d2a32"],
    ["#f7eee3", "#c8553d", "#2f4858", "#f0b67f", "#588b8b", "#ffd5c2", "#8a9a5b"],
    ["#faf3e7", "#283d8f", "#d7263d", "#f6ae2d", "#3f8f5f", "#9cc5e8", "#f4a3a8"],
]
CUTOUT_CAPTIONS = [
    "Scissors, paper, a whole Sunday.",
    "Kitchen table, evening, glue everywhere.",
    "Seaweed, or flames, or dancers.",
    "Drawing with scissors.",
    "No pencil was harmed.",
    "Leftovers make the best colours.",
    "A garden that needs no water.",
]


def cutouts(rng: Random, width: int, height: int, turn: int) -> Scene:
    ground, *papers = in_turn(PAPERS, turn)
    columns, rows = (2, 3) if height > width else (3, 3) if height == width else (4, 2)
    sheet, gap = Sheet(width, height), min(width, height) * 0.018
    sheet.fill(ground)
    wide, tall = (width - gap) / columns, (height - gap) / rows
    last = ""
    for at in range(columns * rows):
        x, y = gap + at % columns * wide, gap + at // columns * tall
        back = rng.choice([paper for paper in papers if paper != last])
        front = rng.choice([paper for paper in [ground, *papers] if _apart(paper, back)])
        last = back
        card = [
            (x + rng.uniform(-3, 3), y + rng.uniform(-3, 3)),
            (x + wide - gap + rng.uniform(-3, 3), y + rng.uniform(-3, 3)),
            (x + wide - gap + rng.uniform(-3, 3), y + tall - gap),
            (x + rng.uniform(-3, 3), y + tall - gap + rng.uniform(-3, 3)),
        ]
        sheet.area(card, back)
        with sheet.group(clip_path=sheet.clip(card)):
            _cut(sheet, rng, x + (wide - gap) / 2, y + (tall - gap) / 2, min(wide * 1.15, tall) * 0.42, front)
    image = textured(sheet.image(), rng.randrange(10**6), 5, 12)
    caption = (
        f"{in_turn(CUTOUT_CAPTIONS, turn)} #collage #{rng.choice(['cutouts', 'papercraft', 'colour', 'handmade'])}"
    )
    return Scene(
        image,
        caption,
        f"A collage of {columns * rows} coloured cards, with flowers, stars, branches and seaweed cut from paper.",
    )


def _apart(one: str, other: str) -> bool:
    return sum(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) for at in (1, 3, 5)) > 190


def _cut(sheet: Sheet, rng: Random, x: float, y: float, r: float, colour: str) -> None:
    """A figure with the faint shadow of paper that does not lie quite flat."""
    kind, seed = rng.choice([_seaweed, _branch, _flower, _sunburst]), rng.random()
    with sheet.group(transform=f"translate({x + 4:.1f} {y + 6:.1f})", opacity=0.2):
        kind(sheet, Random(seed), r, "#1a1020")
    with sheet.group(transform=f"translate({x:.1f} {y:.1f})"):
        kind(sheet, Random(seed), r, colour)


def _seaweed(sheet: Sheet, rng: Random, r: float, colour: str) -> None:
    """A swaying stem with round lobes on both sides, shorter towards the tip."""
    lean, lobes = rng.uniform(-0.25, 0.25), rng.randint(5, 6)
    stem = [(r * lean * math.sin(at / 8 * 4), r * (1.05 - 0.22 * at)) for at in range(9)]
    sheet.line(stem, colour, r * 0.2)
    for at in range(lobes):
        share = (at + 0.4) / lobes
        foot = stem[int(share * 8)]
        for side in (-1, 1):
            reach = r * (0.72 - 0.3 * share) * rng.uniform(0.85, 1.15)
            rise = r * rng.uniform(0.22, 0.42)
            bend = [
                foot,
                (foot[0] + side * reach * 0.6, foot[1] - rise * 0.1),
                (foot[0] + side * reach, foot[1] - rise),
            ]
            sheet.line(bend, colour, r * rng.uniform(0.15, 0.2))


def _branch(sheet: Sheet, rng: Random, r: float, colour: str) -> None:
    """An olive branch: almond leaves in pairs, and one at the tip."""
    lean = rng.uniform(-0.3, 0.3)
    stem = [(r * lean * math.sin(at / 8 * 2.2), r * (1 - 0.2 * at)) for at in range(9)]
    sheet.line(stem, colour, r * 0.06)
    for at in range(1, 9):
        for side in (-1, 1) if at < 8 else (0,):
            long, turn = r * (0.66 - 0.04 * at) * rng.uniform(0.9, 1.1), side * rng.uniform(48, 64) + lean * 20
            x, y = stem[at]
            with sheet.group(transform=f"translate({x:.1f} {y:.1f}) rotate({turn:.1f})"):
                almond = [(0, 0), (long * 0.2, -long * 0.45), (0, -long), (-long * 0.2, -long * 0.45)]
                sheet.blob(almond, colour)


def _flower(sheet: Sheet, rng: Random, r: float, colour: str) -> None:
    petals, start = rng.choice([5, 6, 7]), rng.uniform(0, TAU)
    for at in range(petals):
        turn = start + TAU * at / petals
        sheet.line(
            [(0, 0), (r * 0.62 * math.cos(turn), r * 0.62 * math.sin(turn))], colour, r * rng.uniform(0.46, 0.54)
        )


def _sunburst(sheet: Sheet, rng: Random, r: float, colour: str) -> None:
    rays = rng.choice([9, 11, 13])
    points: list[Point] = []
    for at in range(rays * 2):
        reach = r * (rng.uniform(0.88, 1.06) if at % 2 else rng.uniform(0.4, 0.48))
        points.append((reach * math.cos(TAU * at / rays / 2), reach * math.sin(TAU * at / rays / 2)))
    sheet.blob(points, colour)
