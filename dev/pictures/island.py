"""A small low-poly island on a block of sea, seen from above at a slant."""

import math
from dataclasses import dataclass
from random import Random

from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import TAU, mix, ramp, wave
from dev.pictures.sheet import Point, Sheet

# name, sky, water, land from the shore to the peak
ISLANDS = [
    ("mint", ["#a9dbcf", "#f6f1dc"], "#3fb0c4", ["#f0dca6", "#a8d47c", "#5fa95f", "#3f8457", "#8f877c", "#ffffff"]),
    ("lilac", ["#b9b3ea", "#fae6e4"], "#6488d8", ["#f3dcb5", "#b9cf8a", "#7fb07d", "#5a8b86", "#8d87a5", "#ffffff"]),
    ("peach", ["#f8c39c", "#fdf0dd"], "#35a5b5", ["#f8e2ae", "#d9c25f", "#a3b04d", "#6f8f48", "#a8775a", "#fffaf0"]),
    (
        "night-blue",
        ["#0f1738", "#43548f"],
        "#24609b",
        ["#a79da8", "#55877f", "#336a6c", "#27545f", "#5d6488", "#e6ecff"],
    ),
]
ISLAND_CAPTIONS = [
    "Population: me.",
    "If I had an island.",
    "Pocket-sized getaway.",
    "Thirteen hundred triangles of peace.",
    "Rendered a holiday.",
    "No ferry goes there.",
    "Weather: always this.",
]
CELLS = 26
DEPTH = -0.34
LIGHT = (-0.55, 0.25, 0.8)


@dataclass(frozen=True)
class Block:
    """The block of sea: where its middle is, and how wide, deep and tall a cell is drawn."""

    x: float
    y: float
    wide: float
    deep: float
    tall: float

    def at(self, i: float, j: float, up: float) -> Point:
        i, j = i - CELLS / 2, j - CELLS / 2
        return self.x + (i - j) * self.wide, self.y + (i + j) * self.deep - up * self.tall


def island(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, sky, water, land = in_turn(ISLANDS, turn)
    unit, sheet = min(width, height), Sheet(width, height)
    block = Block(width / 2, height * 0.53, unit * 0.44 / CELLS, unit * 0.24 / CELLS, unit * 0.3)
    sheet.fill(sheet.down(*sky))
    shine = 0.12 if name == "night-blue" else 0.5
    sheet.disc(block.x, block.y - unit * 0.08, unit * 0.6, sheet.round((0, "#ffffff", shine), (1, "#ffffff", 0)))
    foot = block.at(CELLS, CELLS, DEPTH)[1] + unit * 0.02
    sheet.ellipse(block.x, foot, unit * 0.4, unit * 0.06, sheet.round((0, "#101838", 0.3), (1, "#101838", 0)))
    _sea(sheet, block, water)
    heights = _heights(rng)
    for i in range(CELLS):
        for j in range(CELLS):
            _facets(sheet, rng, block, heights, i, j, land, water)
    _clouds(sheet, rng, block, unit)
    caption = f"{in_turn(ISLAND_CAPTIONS, turn)} #lowpoly #{rng.choice(['island', 'isometric', 'tinyworld', '3d'])}"
    return Scene(
        sheet.image(), caption, f"A tiny low-poly island with a mountain rises from a block of sea, on a {name} ground."
    )


def _sea(sheet: Sheet, block: Block, water: str) -> None:
    west, south, east = block.at(0, CELLS, 0), block.at(CELLS, CELLS, 0), block.at(CELLS, 0, 0)
    below = [block.at(i, j, DEPTH) for i, j in ((0, CELLS), (CELLS, CELLS), (CELLS, 0))]
    sheet.area([west, south, below[1], below[0]], sheet.down(mix(water, "#ffffff", 0.08), mix(water, "#06243f", 0.35)))
    sheet.area([south, east, below[2], below[1]], sheet.down(mix(water, "#06243f", 0.2), mix(water, "#06243f", 0.6)))
    sheet.area([block.at(0, 0, 0), east, south, west], water)


def _heights(rng: Random) -> list[list[float]]:
    """Above the sea at the corners of the cells: noise that falls off towards the rim, with one peak."""
    across, down, along = wave(rng, 4, 0.9), wave(rng, 4, 0.9), wave(rng, 3, 1.4)
    px, py, turn = rng.uniform(0.38, 0.52), rng.uniform(0.38, 0.52), rng.uniform(0, TAU)

    def height(x: float, y: float) -> float:
        far = math.hypot(x - 0.5, y - 0.5) * (1 + 0.16 * math.sin(3 * math.atan2(y - 0.5, x - 0.5) + turn))
        peak = 0.95 * math.exp(-(((x - px) ** 2 + (y - py) ** 2) / 0.021))
        rough = 0.1 * across(x + y * 0.4) + 0.1 * down(y - x * 0.4) + 0.07 * along(x * y * 3)
        return 0.36 * (1 - (far / 0.37) ** 2) + rough * (1 - far) + peak * (1 + rng.uniform(-0.16, 0.1))

    return [[height(i / CELLS, j / CELLS) for j in range(CELLS + 1)] for i in range(CELLS + 1)]


def _facets(
    sheet: Sheet, rng: Random, block: Block, heights: list[list[float]], i: int, j: int, land: list[str], water: str
) -> None:
    """The two triangles of a cell, in the colour of their height and as bright as they face the light."""
    square = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
    for corners in ((square[0], square[1], square[3]), (square[1], square[2], square[3])):
        ups = [max(heights[x][y], 0.0) for x, y in corners]
        places = [block.at(x, y, up) for (x, y), up in zip(corners, ups, strict=True)]
        mean = sum(heights[x][y] for x, y in corners) / 3
        if max(ups) == 0:
            shallow = max(0.0, 1 + mean * 4) * 0.4 + rng.uniform(0, 0.05)
            colour = mix(water, "#eafff6", shallow)
        else:
            face = _facing([(x / 9, y / 9, up * 1.9) for (x, y), up in zip(corners, ups, strict=True)])
            colour = ramp(land, mean * 0.98 + rng.uniform(-0.02, 0.03))
            colour = (
                mix(colour, "#fff6dc", (face - 0.72) * 0.8)
                if face > 0.72
                else mix(colour, "#14203f", (0.72 - face) * 0.62)
            )
        sheet.area(places, colour, stroke=colour, stroke_width=0.8)
        if 0.12 < mean < 0.4 and min(ups) > 0.03 and rng.random() < 0.22:
            _tree(sheet, rng, sum(x for x, _ in places) / 3, sum(y for _, y in places) / 3, block.wide, land[3])


def _facing(corners: list[tuple[float, float, float]]) -> float:
    """The cosine between a triangle's upward normal and the light."""
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = corners
    u, v = (bx - ax, by - ay, bz - az), (cx - ax, cy - ay, cz - az)
    normal = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
    return sum(n * light for n, light in zip(normal, LIGHT, strict=True)) / (math.hypot(*normal) * math.hypot(*LIGHT))


def _tree(sheet: Sheet, rng: Random, x: float, y: float, wide: float, green: str) -> None:
    r, tall = wide * rng.uniform(0.28, 0.42), wide * rng.uniform(1.2, 2.1)
    sheet.ellipse(x + r * 0.8, y + r * 0.1, r * 1.3, r * 0.5, "#14203f", opacity=0.22)
    sheet.area([(x - r, y), (x, y - tall), (x, y + r * 0.35)], mix(green, "#ffffff", 0.06))
    sheet.area([(x + r, y), (x, y - tall), (x, y + r * 0.35)], mix(green, "#101c30", 0.3))


def _clouds(sheet: Sheet, rng: Random, block: Block, unit: int) -> None:
    for side in (-1, 1):
        x, y = block.x + side * unit * rng.uniform(0.2, 0.34), block.y - unit * rng.uniform(0.22, 0.36)
        with sheet.group(opacity=0.92):
            for at in range(4):
                r = unit * (0.024, 0.038, 0.03, 0.02)[at] * rng.uniform(0.9, 1.1)
                sheet.rect(x + unit * 0.032 * at - r, y - r, r * 2.2, r * 1.2 + unit * 0.006, "#ffffff", rx=r)
