"""Mountains in mist, dunes, a forest, and balloons over hills."""

import math
from random import Random

from dev.pictures.light import blurred, over, screened, textured
from dev.pictures.scene import Scene
from dev.pictures.shapes import mix, ramp, ridge, rolling, wave
from dev.pictures.sheet import Point, Sheet

# name, sky from top to horizon, farthest and nearest land, sun
DAWNS = [
    ("rose", ["#31406f", "#8a6a9c", "#e39a93", "#fbd3ae"], "#d99a9b", "#1b1d3a", "#fff1d6"),
    ("blue", ["#0f2747", "#3d6c9a", "#9cc3d6", "#eaf1ea"], "#a3c2d2", "#0b1b2d", "#ffffff"),
    ("golden", ["#5f8ba3", "#c9c3a0", "#f6cf93", "#fdeac4"], "#e2b987", "#33252c", "#fffbe8"),
    ("green", ["#6fa39a", "#b4d3bd", "#e6ecd0", "#fbf4dc"], "#a9c9b4", "#0e2b29", "#fffdf0"),
    ("violet", ["#1c1647", "#5b3c8c", "#c56f9f", "#f9bd9c"], "#b5759f", "#150f2e", "#ffe9d2"),
]
MOUNTAIN_CAPTIONS = {
    "rose": ["Up at four for this. Worth it.", "The valley was still asleep."],
    "blue": ["Blue on blue on blue.", "Seven ridges, then the sea."],
    "golden": ["Last light from the hut.", "The kind of evening you walk all day for."],
    "green": ["Rain all night, and then this.", "Breathing in."],
    "violet": ["The sky could not make up its mind.", "Ten minutes later it was dark."],
}


def mountains(rng: Random, width: int, height: int) -> Scene:
    name, sky, far, near, sun = rng.choice(DAWNS)
    layers, horizon = rng.randint(6, 8), height * rng.uniform(0.36, 0.46)
    sheet = Sheet(width, height)
    sheet.rect(0, 0, width, horizon * 1.35, sheet.down(*sky))
    sheet.rect(0, horizon * 1.3, width, height, sky[-1])
    _sun(
        sheet, width * rng.uniform(0.25, 0.75), horizon * rng.uniform(0.62, 0.9), width * rng.uniform(0.05, 0.085), sun
    )
    for at in range(layers):
        depth = at / (layers - 1)
        colour, base = mix(far, near, depth**1.25), horizon + (height * 1.02 - horizon) * depth**1.3
        mist = mix(colour, sky[-1], 0.62 * (1 - depth) + 0.1)
        outline = ridge(rng, width, base, height * (0.035 + 0.06 * math.sin(math.pi * (0.25 + depth * 0.6))), 0.52)
        sheet.land(outline, sheet.down((0, colour, 1), (0.08 + 0.3 * depth, mix(colour, mist, 0.45), 1), (1, mist, 1)))
        if at == layers - 1:
            _pines_on(sheet, rng, outline, height * 0.035, mix(near, "#000000", 0.25))
    image = textured(sheet.image(), rng.randrange(10**6), 5, width // 3)
    caption = f"{rng.choice(MOUNTAIN_CAPTIONS[name])} #mountains #{rng.choice(['dawn', 'hiking', 'mist', 'outdoors'])}"
    return Scene(image, caption, f"{layers} layers of mountain ridges fade into mist under a low sun, in {name} light.")


def _sun(sheet: Sheet, x: float, y: float, r: float, colour: str) -> None:
    for reach, strength in ((9, 0.28), (4.5, 0.35), (2.2, 0.5)):
        glow = sheet.round((0, colour, strength), (0.35, colour, strength * 0.45), (1, colour, 0))
        sheet.disc(x, y, r * reach, glow)
    sheet.disc(x, y, r, colour)


def _pines_on(sheet: Sheet, rng: Random, outline: list[Point], tall: float, colour: str) -> None:
    for x, y in outline:
        for _ in range(2):
            _pine(sheet, rng, x + rng.uniform(-4, 4), y + tall * 0.3, tall * rng.uniform(0.4, 1.3), colour)


def _pine(sheet: Sheet, rng: Random, x: float, foot: float, tall: float, colour: str) -> None:
    """A conifer: tiers of branches, each hanging a little below the one above."""
    tiers, right, left = max(4, int(tall / 11)), [], []
    for at in range(tiers):
        share = (at + 1) / tiers
        y, reach = foot - tall * (1 - share), tall * 0.17 * share**0.85 * rng.uniform(0.8, 1.15)
        right += [(x + reach, y), (x + reach * 0.45, y - tall * 0.02)]
        left += [(x - reach * rng.uniform(0.85, 1.1), y + tall * 0.008), (x - reach * 0.45, y - tall * 0.02)]
    sheet.area([(x, foot - tall * 1.06), *right, (x, foot), *reversed(left)], colour)


FORESTS = [
    ("misty", ["#c9d6d5", "#e6ece4", "#f6f3e4"], "#b6c8c4", "#0f2624", "#ffffff"),
    ("amber", ["#e8a45c", "#f5cf8e", "#fdeec6"], "#e9b574", "#2b1717", "#fffbe6"),
    ("moonlit", ["#0d1b3a", "#27477a", "#6d93b8"], "#587fa8", "#050c1c", "#f4f7ff"),
    ("pink", ["#a98bbf", "#eab4c0", "#fbe0d2"], "#d3a5bd", "#241638", "#fff6ee"),
]
FOREST_CAPTIONS = [
    "Nobody else on the trail.",
    "Smells of resin and rain.",
    "Listening to woodpeckers.",
    "Slow walk, long thermos.",
]


def forest(rng: Random, width: int, height: int) -> Scene:
    name, sky, far, near, sun = rng.choice(FORESTS)
    sheet = Sheet(width, height)
    sheet.fill(sheet.down(*sky))
    _sun(sheet, width * rng.uniform(0.3, 0.7), height * rng.uniform(0.2, 0.34), width * rng.uniform(0.07, 0.11), sun)
    layers = 5
    for at in range(layers):
        depth = at / (layers - 1)
        colour, foot = mix(far, near, depth**1.1), height * (0.55 + 0.42 * depth**1.1)
        ground = rolling(width, foot, height * 0.03, wave(rng, 2))
        tall = height * (0.13 + 0.42 * depth**1.4)
        count = int(width / tall * (4.5 - 2.2 * depth))
        for tree in range(count):
            x = width * (tree + rng.uniform(-0.4, 1.4)) / count
            if at == layers - 1 and 0.24 < x / width < 0.74:
                continue  # a clearing, to see through
            _pine(sheet, rng, x, foot + height * 0.05, tall * rng.uniform(0.55, 1.1), colour)
        sheet.land(ground, sheet.down(colour, mix(colour, sky[-1], 0.5 * (1 - depth))))
        fog = sheet.down((0, sky[-1], 0), (0.55, sky[-1], 0.34 * (1 - depth)), (1, sky[-1], 0))
        sheet.rect(0, foot - height * 0.16, width, height * 0.3, fog)
    _birds(sheet, rng, width, height * 0.22, near)
    caption = f"{rng.choice(FOREST_CAPTIONS)} #forest #{rng.choice(['trees', 'walk', 'quiet', 'nature'])}"
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


# name, sky, lit sand, shaded sand
DESERTS = [
    ("terracotta", ["#f3b48b", "#f9d7b0", "#fdeed2"], "#e38b55", "#8b3f2f"),
    ("rose", ["#7d6aa6", "#d79bb0", "#f9d4bd"], "#dd8f83", "#623a5c"),
    ("golden", ["#7db4c4", "#c8dccb", "#f6eccb"], "#ecbd6c", "#a8672f"),
    ("night", ["#0b1030", "#2a2f6b", "#6d5d9c"], "#7c78b0", "#1d1c47"),
]
DESERT_CAPTIONS = {
    "terracotta": ["No wind, no sound, no signal.", "Two camels were here before us."],
    "rose": ["The sand turns pink for exactly six minutes.", "Evening in the erg."],
    "golden": ["Walking on the edge.", "Sand in every pocket since."],
    "night": ["Slept outside.", "So bright that we left the lamps off."],
}


def dunes(rng: Random, width: int, height: int) -> Scene:
    name, sky, lit, shaded = rng.choice(DESERTS)
    horizon = height * rng.uniform(0.34, 0.44)
    sheet = Sheet(width, height)
    sheet.rect(0, 0, width, horizon * 1.5, sheet.down(*sky))
    sun = "#fff7e2" if name != "night" else "#f4f1ff"
    if name == "night":
        _stars(sheet, rng, width, horizon)
    _sun(sheet, width * rng.uniform(0.18, 0.4), horizon * rng.uniform(0.35, 0.7), width * 0.055, sun)
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
    image = textured(sheet.image(), rng.randrange(10**6), 6, 40)
    caption = f"{rng.choice(DESERT_CAPTIONS[name])} #desert #{rng.choice(['dunes', 'sand', 'travel', 'stillness'])}"
    return Scene(image, caption, f"Smooth {name} dunes with sharp crests, one side in the light and one in shadow.")


def _dune(sheet: Sheet, rng: Random, base: float, tall: float, lit: str, shaded: str) -> None:
    """A long back in the light; from its peak a winding crest comes down towards us, and right of it lies shade."""
    width, peak = sheet.width, sheet.width * rng.uniform(0.2, 0.85)
    bend, ends = wave(rng, 2), (rng.uniform(0.0, 0.35), rng.uniform(0.0, 0.35))
    back = []
    for x in range(-10, width + 21, 10):
        aside = (x - peak) / (peak + 10 if x < peak else width - peak + 10)
        rise = (1 - abs(aside) ** 1.6) ** 1.0 if x < peak else (1 - abs(aside)) ** 1.35
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


def _stars(sheet: Sheet, rng: Random, width: float, height: float, count: int = 260) -> None:
    for _ in range(count):
        sheet.disc(
            rng.uniform(0, width),
            rng.uniform(0, height),
            abs(rng.gauss(0.7, 0.6)) + 0.3,
            "#ffffff",
            opacity=rng.uniform(0.25, 1),
        )


MORNINGS = [
    ("peach", ["#7fb2c9", "#c9dcd4", "#fbe3c4"], ["#b9c9a8", "#7d9f7f", "#3f6b5d", "#1e4443"]),
    ("lilac", ["#6d7fc0", "#c3a9d2", "#fbd5cf"], ["#b9a3c6", "#84709f", "#504d7b", "#2b2f55"]),
    ("turquoise", ["#2f93a8", "#8fcfc7", "#eef5d9"], ["#b6d2a6", "#86b183", "#4f8a63", "#2a5f4b"]),
]
SILKS = [
    ["#d9483b", "#f4b942", "#f7ecd0"],
    ["#1f6f78", "#f2a65a", "#f5e9d3"],
    ["#e4572e", "#17345c", "#f3e3c3"],
    ["#8e3b6d", "#f2c14e", "#fae8e0"],
    ["#2d5d8f", "#e9e3d0", "#d1495b"],
    ["#f08a5d", "#6a2c70", "#fbe6c9"],
]
BALLOON_CAPTIONS = [
    "Counted them twice.",
    "The burners sound like sleeping dragons.",
    "Up before the birds.",
    "Drifting.",
]


def balloons(rng: Random, width: int, height: int) -> Scene:
    name, sky, hills = rng.choice(MORNINGS)
    sheet = Sheet(width, height)
    sheet.fill(sheet.down(*sky))
    _sun(sheet, width * rng.uniform(0.6, 0.85), height * 0.6, width * 0.06, "#fffaf0")
    clouds = Sheet(width, height)
    for _ in range(5):
        x, y, long = rng.uniform(0, width), rng.uniform(0.05, 0.55) * height, width * rng.uniform(0.12, 0.26)
        for _ in range(16):
            clouds.ellipse(
                x + rng.gauss(0, long * 0.5),
                y + rng.gauss(0, long * 0.05),
                long * rng.uniform(0.2, 0.5),
                long * rng.uniform(0.03, 0.09),
                "#ffffff",
                opacity=0.16,
            )
    land = Sheet(width, height)
    for at, colour in enumerate(hills):
        base = height * (0.72 + 0.085 * at)
        tall = height * (0.05 - 0.006 * at)
        land.land(
            rolling(width, base, tall, wave(rng, 3, 1.2)), land.down(colour, mix(colour, sky[-1], 0.5 - 0.14 * at))
        )
    count = rng.randint(5, 7)
    places = sorted(rng.uniform(0.025, 0.062) for _ in range(count - 1)) + [rng.uniform(0.12, 0.16)]
    for at, size in enumerate(places):
        x = width * ((at * 0.618 + rng.uniform(0.05, 0.2)) % 0.84 + 0.08)
        y = height * rng.uniform(0.16, 0.6) if at < count - 1 else height * rng.uniform(0.26, 0.36)
        _balloon(land, x, y, width * size, rng.choice(SILKS), mix(sky[-1], "#ffffff", 0.2), 0.5 - size * 4)
    image = over(screened(sheet.image(), blurred(clouds.image(), 9)), land.image())
    caption = f"{rng.choice(BALLOON_CAPTIONS)} #balloons #{rng.choice(['morning', 'sky', 'travel', 'colours'])}"
    return Scene(image, caption, f"{count} hot-air balloons float over green hills in a {name} morning sky.")


def _balloon(sheet: Sheet, x: float, y: float, r: float, silk: list[str], haze: str, veil: float) -> None:
    """`veil` is the share of haze between us and the balloon."""
    colours = [mix(colour, haze, max(veil, 0)) for colour in silk]
    for part, reach in enumerate((1.0, 0.8, 0.6, 0.4, 0.2)):
        sheet.path(_envelope(x, y, r * reach, r), colours[part % len(colours)])
    sheet.path(
        _envelope(x, y, r, r),
        sheet.round((0, "#ffffff", 0.3), (0.5, "#ffffff", 0), (1, "#1a1030", 0.34), cx=0.32, cy=0.3, r=0.85),
    )
    mouth, basket = y + r * 1.36, y + r * 1.66
    for side in (-1, 1):
        sheet.line(
            [(x + side * r * 0.15, mouth), (x + side * r * 0.09, basket)],
            mix("#4a3020", haze, max(veil, 0)),
            max(r * 0.014, 0.8),
        )
    sheet.rect(x - r * 0.1, basket, r * 0.2, r * 0.16, mix("#6b4327", haze, max(veil, 0)), rx=r * 0.03)


def _envelope(x: float, y: float, across: float, r: float) -> str:
    neck = across * 0.17
    return (
        f"M{x - neck:.1f} {y + r * 1.36:.1f}C{x - across * 0.5:.1f} {y + r * 0.95:.1f} {x - across:.1f} {y + r * 0.55:.1f} "
        f"{x - across:.1f} {y:.1f}A{across:.1f} {r:.1f} 0 0 1 {x + across:.1f} {y:.1f}C{x + across:.1f} {y + r * 0.55:.1f} "
        f"{x + across * 0.5:.1f} {y + r * 0.95:.1f} {x + neck:.1f} {y + r * 1.36:.1f}Z"
    )


__all__ = ["balloons", "dunes", "forest", "mountains", "ramp"]
