"""A calm sea at sunset."""

import math
from random import Random

from dev.pictures.light import blurred, enlarged, over
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix, ramp, wave
from dev.pictures.sheet import Point, Sheet

# name, sky from top to horizon, sea from horizon to shore, sun
SUNSETS = [
    ("orange", ["#2a2a5a", "#8b3f6e", "#e8694a", "#fbb35a", "#fddf9a"], ["#e08a55", "#5d3b62", "#171a3d"], "#fff0c2"),
    ("pink", ["#3a4b8c", "#9a6fb0", "#ee94a4", "#fcc9a9"], ["#d88aa0", "#5c5595", "#1d2454"], "#fff3e0"),
    ("golden", ["#3f7290", "#a9b79a", "#f6cc7c", "#feeab4"], ["#e7b568", "#5a7a80", "#12303f"], "#fffbe3"),
    ("crimson", ["#15102f", "#571b4b", "#b92e4a", "#f3743f", "#fcb860"], ["#b3434a", "#3d1a44", "#0c0b22"], "#ffe6a8"),
]
SEA_CAPTIONS = {
    "orange": ["Swam until it was gone.", "Salt on everything.", "Last ferry, best ferry."],
    "pink": [
        "Cotton candy evening.",
        "We stayed for one more minute, eleven times.",
        "Even the gulls stopped to look.",
    ],
    "golden": ["Calm as glass out there.", "Golden hour, as ordered.", "The sea, ironed."],
    "crimson": ["The whole beach went quiet.", "No filter. I promise.", "Red sky at night."],
}


def sea(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, sky, water, sun = in_turn(SUNSETS, turn)
    horizon, unit, x = height * rng.uniform(0.5, 0.6), min(width, height), width * rng.uniform(0.32, 0.68)
    r, sheet = unit * rng.uniform(0.08, 0.12), Sheet(width, height)
    sheet.rect(0, 0, width, horizon, sheet.down(*sky))
    sheet.disc(x, horizon - r * 0.4, r * 6, sheet.round((0, sun, 0.6), (0.3, sky[-1], 0.3), (1, sky[-1], 0)))
    sheet.disc(x, horizon - r * 0.4, r, sun)
    soft = Sheet(width // 2, height // 2)
    _cloud_banks(soft, rng, horizon / 2, sky)
    sheet_sea = Sheet(width, height)
    sheet_sea.rect(0, horizon, width, height - horizon, sheet_sea.down(*water))
    _glitter(sheet_sea, rng, x, r, horizon, sun, water)
    _headland(sheet_sea, rng, horizon, mix(sky[0], water[1], 0.5))
    boats = rng.randint(0, 2)
    for _ in range(boats):
        _sail(
            sheet_sea,
            width * rng.choice([rng.uniform(0.12, 0.25), rng.uniform(0.75, 0.9)]),
            horizon + unit * rng.uniform(0.004, 0.03),
            unit * rng.uniform(0.04, 0.075),
            water[2],
        )
    clouds = enlarged(blurred(soft.image(), unit * 0.002), width, height)
    image = over(sheet.image(), clouds, sheet_sea.image())
    words, tag = in_turn(SEA_CAPTIONS[name], turn // len(SUNSETS)), rng.choice(["sea", "ocean", "summer", "goldenhour"])
    with_boats = ("", ", and a sailing boat", ", and two sailing boats")[boats]
    return Scene(
        image,
        f"{words} #sunset #{tag}",
        f"The sun touches a calm sea under {name} clouds; its light glitters on the water{with_boats}.",
    )


def _cloud_banks(sheet: Sheet, rng: Random, horizon: float, sky: list[str]) -> None:
    """Thin banks of cloud, lit from below: the lower in the sky, the flatter and the warmer."""
    for _ in range(26):
        high = rng.random() ** 0.8
        y, long = horizon * (0.97 - 0.85 * high), sheet.width * rng.uniform(0.12, 0.5)
        x, thick = rng.uniform(-0.1, 1.1) * sheet.width, sheet.height * (0.003 + 0.011 * high)
        dark, lit = ramp(sky, 0.72 - 0.62 * high), mix(ramp(sky, min(1, 1.25 - high)), "#ffffff", 0.15)
        for part in range(7):
            px, width = x + long * rng.uniform(-0.5, 0.5), long * rng.uniform(0.18, 0.5)
            sheet.ellipse(px, y + thick * 0.8, width, thick, lit, opacity=0.34)
            sheet.ellipse(px, y - part * thick * 0.1, width, thick * rng.uniform(0.8, 1.5), dark, opacity=0.3)


def _glitter(sheet: Sheet, rng: Random, x: float, r: float, horizon: float, sun: str, water: list[str]) -> None:
    """Facets of waves: small and dense at the horizon, long near the shore; those below the sun send its light."""
    deep = sheet.height - horizon
    for _ in range(1500):
        near = rng.random() ** 1.5
        y, long = horizon + 2 + deep * near, 5 + sheet.width * 0.075 * near * rng.uniform(0.4, 1.3)
        px = rng.uniform(-0.05, 1.05) * sheet.width
        colour = ramp([mix(water[0], sun, 0.35), *water], min(1, near + rng.uniform(-0.28, 0.28)))
        sheet.ellipse(px, y, long, 0.8 + 3.8 * near, colour, opacity=0.32)
    for _ in range(640):
        near = rng.random() ** 1.25
        spread = r * (0.75 + 1.0 * near)
        px, y = rng.gauss(x, spread * 0.55), horizon + 1 + deep * near
        long = (4 + r * 0.42 * near + r * 0.2) * rng.uniform(0.3, 1.2) * math.exp(-(((px - x) / spread / 1.5) ** 2))
        sheet.ellipse(px, y, long, 1 + 3.4 * near, sun, opacity=rng.uniform(0.3, 0.95) * (1 - 0.55 * near))


def _headland(sheet: Sheet, rng: Random, horizon: float, colour: str) -> None:
    side, tall = rng.choice([0, 1]), sheet.height * rng.uniform(0.03, 0.06)
    for part in range(2):
        long, bend = sheet.width * rng.uniform(0.2, 0.4) * (1.25 - 0.4 * part), wave(rng, 4, 1.5)
        steps = [at / 40 for at in range(41)]
        crest = [(long * s, horizon + 2 - tall * (1 - s) ** 0.7 * (0.75 + 0.25 * bend(s))) for s in steps]
        outline = [(0.0, horizon + 3), *crest, (long, horizon + 3)]
        placed = [(sheet.width - px, y) if side else (px, y) for px, y in outline]
        sheet.area(placed, colour, opacity=0.62 + 0.38 * part)


def _sail(sheet: Sheet, x: float, y: float, tall: float, colour: str) -> None:
    def placed(*shares: tuple[float, float]) -> list[Point]:
        return [(x + across * tall, y + down * tall) for across, down in shares]

    mast, head, belly, clew = placed((0, -0.1), (0, -1), (0.42, -0.45), (0.4, -0.12))
    sheet.path(f"M{head[0]} {head[1]}Q{belly[0]} {belly[1]} {clew[0]} {clew[1]}L{mast[0]} {mast[1]}Z", colour)
    sheet.area(placed((-0.04, -0.9), (-0.3, -0.12), (-0.04, -0.1)), colour)
    sheet.area(placed((-0.36, -0.07), (0.42, -0.07), (0.28, 0.05), (-0.24, 0.05)), colour)
    sheet.ellipse(x, y + tall * 0.2, tall * 0.25, tall * 0.14, colour, opacity=0.35)
