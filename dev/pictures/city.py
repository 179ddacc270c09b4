"""A night city, mirrored in its harbour."""

import math
from dataclasses import dataclass
from random import Random

from dev.pictures.light import mirrored, screened
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix
from dev.pictures.sheet import Sheet

# name, sky from top to horizon, farthest and nearest buildings, colours of windows
CITIES = [
    (
        "blue",
        ["#060b22", "#102250", "#2b4f8c", "#8aa6c8"],
        "#4a6ba0",
        "#070d20",
        ["#ffd88a", "#ffe9bd", "#ffb45e", "#bfe3ff"],
    ),
    (
        "violet",
        ["#0d0724", "#2f1656", "#7a3580", "#ee8590"],
        "#82468c",
        "#0d0820",
        ["#ffe08f", "#ffc36b", "#ff9fb0", "#fff3d0"],
    ),
    (
        "teal",
        ["#04141f", "#0b3547", "#237083", "#9bd3c2"],
        "#347a88",
        "#041019",
        ["#fff1b8", "#ffd27a", "#ffa95c", "#d8fff0"],
    ),
]
CITY_CAPTIONS = {
    "blue": ["Somebody is still working up there.", "Blue hour from the pier.", "The city twice."],
    "violet": ["The city puts on its evening dress.", "Missed the last ferry, kept the view.", "Purple weather."],
    "teal": ["Every window is somebody's evening.", "City lights, cold hands.", "Across the water it is quiet."],
}


@dataclass(frozen=True)
class Tower:
    """A building: its left side, width, foot and height in pixels; `near` runs from 0 to 1."""

    x: float
    wide: float
    foot: float
    tall: float
    near: float


def skyline(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, sky, far, near, lamps = in_turn(CITIES, turn)
    shore, unit = int(height * rng.uniform(0.66, 0.72)), min(width, height)
    town = Sheet(width, shore)
    town.fill(town.down(*sky))
    for _ in range(120):
        town.disc(
            rng.uniform(0, width),
            shore * 0.6 * rng.random(),
            rng.uniform(0.4, 1.5),
            "#ffffff",
            opacity=rng.uniform(0.2, 0.8),
        )
    _moon(town, width * rng.uniform(0.12, 0.88), shore * rng.uniform(0.1, 0.2), unit * 0.035)
    for layer in range(3):
        for tower in _row(rng, width, shore, unit * (0.04 + 0.014 * layer), shore * (0.7 - 0.15 * layer), layer / 2):
            _draw(town, rng, tower, [mix(far, near, (layer / 2) ** 0.6), far], lamps)
        town.rect(0, shore * 0.55, width, shore * 0.45, town.down((0, sky[-1], 0), (1, sky[-1], 0.24 - 0.09 * layer)))
    image = town.image()
    bright = ((image[0:3] / 255) ** 2 * 255).cast("uchar").copy(interpretation="srgb")
    image = mirrored(screened(image, bright.gaussblur(unit * 0.012)), height, rng.randrange(10**6), unit * 0.03, 0.45)
    words, tag = (
        in_turn(CITY_CAPTIONS[name], turn // len(CITIES)),
        rng.choice(["skyline", "night", "lights", "architecture"]),
    )
    return Scene(
        image,
        f"{words} #city #{tag}",
        f"Lit windows of a city skyline under a {name} night sky, mirrored in the water before it.",
    )


def _moon(sheet: Sheet, x: float, y: float, r: float) -> None:
    sheet.disc(x, y, r * 5, sheet.round((0, "#fff6dc", 0.35), (0.3, "#fff6dc", 0.14), (1, "#fff6dc", 0)))
    sheet.disc(x, y, r, "#fff8e6")


def _row(rng: Random, width: float, foot: float, wide: float, tall: float, near: float) -> list[Tower]:
    """Buildings side by side, the tallest around two centres."""
    centres, row, x = [rng.uniform(0.15, 0.85) for _ in range(2)], [], -wide
    while x < width:
        broad = wide * rng.choice([0.6, 0.8, 1, 1.3, 1.7])
        aside = min(abs((x + broad / 2) / width - centre) for centre in centres)
        rise = 0.26 + 0.72 * math.exp(-((aside / 0.16) ** 2)) * rng.uniform(0.5, 1) + rng.uniform(-0.1, 0.16)
        row.append(Tower(x, broad, foot, tall * rise, near))
        x += broad * rng.uniform(0.9, 1.15)
    return row


def _draw(sheet: Sheet, rng: Random, tower: Tower, walls: list[str], lamps: list[str]) -> None:
    x, wide, top = tower.x, tower.wide, tower.foot - tower.tall
    sheet.rect(x, top, wide, tower.tall, sheet.across(mix(walls[0], walls[1], 0.07), walls[0]))
    match rng.choice(["flat", "flat", "flat", "steps", "steps", "mast", "slant", "dome"]):
        case "steps":
            sheet.rect(x + wide * 0.15, top - wide * 0.25, wide * 0.7, wide * 0.27, walls[0])
            sheet.rect(x + wide * 0.32, top - wide * 0.5, wide * 0.36, wide * 0.27, walls[0])
        case "mast":
            sheet.rect(x + wide * 0.35, top - wide * 0.2, wide * 0.3, wide * 0.22, walls[0])
            sheet.rect(x + wide * 0.48, top - wide * 1.3, wide * 0.04, wide * 1.2, walls[0])
            sheet.disc(x + wide * 0.5, top - wide * 1.3, wide * 0.045, "#ff5a4a")
        case "slant":
            sheet.area([(x, top + 1), (x + wide, top + 1), (x + wide, top - wide * 0.45)], walls[0])
        case "dome":
            sheet.ellipse(x + wide / 2, top, wide * 0.42, wide * 0.3, walls[0])
    _windows(sheet, rng, tower, top, lamps)


def _windows(sheet: Sheet, rng: Random, tower: Tower, top: float, lamps: list[str]) -> None:
    pane, gap = 3.6 + 1.8 * tower.near, 8.5 + 3.5 * tower.near
    lit, usual = rng.uniform(0.12, 0.5), rng.choice(lamps)
    margin = (tower.wide - gap * int((tower.wide - gap * 0.6) / gap)) / 2 + (gap - pane) / 2
    for row in range(int((tower.tall - gap) / gap)):
        for column in range(int((tower.wide - gap * 0.6) / gap)):
            if rng.random() < lit:
                lamp = usual if rng.random() < 0.8 else rng.choice(lamps)
                shine = (0.3 + 0.7 * tower.near) * rng.uniform(0.5, 1)
                sheet.rect(
                    tower.x + margin + gap * column, top + gap * (0.8 + row), pane, pane * 1.3, lamp, opacity=shine
                )
