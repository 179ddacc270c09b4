"""Hot-air balloons over hills."""

from random import Random

from dev.pictures.light import blurred, enlarged, over, screened
from dev.pictures.nature import sun_disc
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix, rolling, wave
from dev.pictures.sheet import Sheet

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
    "No steering wheel, no plan.",
    "Waved at strangers all morning.",
    "Silk and hot air.",
]


def balloons(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, sky, hills = in_turn(MORNINGS, turn)
    sheet, unit = Sheet(width, height), min(width, height)
    sheet.fill(sheet.down(*sky))
    sun_disc(sheet, width * rng.uniform(0.6, 0.85), height * 0.6, unit * 0.06, "#fffaf0")
    clouds = Sheet(width // 2, height // 2)
    for _ in range(5):
        x, y, long = rng.uniform(0, width / 2), rng.uniform(0.02, 0.28) * height, width * rng.uniform(0.05, 0.13)
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
    places = [*sorted(rng.uniform(0.025, 0.062) for _ in range(count - 1)), rng.uniform(0.12, 0.16)]
    for at, size in enumerate(places):
        last = at == count - 1
        x = width * (rng.uniform(0.3, 0.7) if last else (at * 0.618 + rng.uniform(0.05, 0.2)) % 0.84 + 0.08)
        y = height * (rng.uniform(0.28, 0.36) if last else rng.uniform(0.12, 0.6))
        _balloon(land, x, y, unit * size, rng.choice(SILKS), mix(sky[-1], "#ffffff", 0.2), 0.5 - size * 4)
    image = over(screened(sheet.image(), enlarged(blurred(clouds.image(), 5), width, height)), land.image())
    caption = f"{in_turn(BALLOON_CAPTIONS, turn)} #balloons #{rng.choice(['morning', 'sky', 'travel', 'colours'])}"
    return Scene(image, caption, f"{count} hot-air balloons float over rolling hills in a {name} morning sky.")


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
    """A balloon's outline, or that of the part of its silk within `across` of the middle."""
    neck, mouth = across * 0.17, y + r * 1.36
    left = f"C{x - across * 0.5:.1f} {y + r * 0.95:.1f} {x - across:.1f} {y + r * 0.55:.1f} {x - across:.1f} {y:.1f}"
    crown = f"A{across:.1f} {r:.1f} 0 0 1 {x + across:.1f} {y:.1f}"
    right = f"C{x + across:.1f} {y + r * 0.55:.1f} {x + across * 0.5:.1f} {y + r * 0.95:.1f} {x + neck:.1f} {mouth:.1f}"
    return f"M{x - neck:.1f} {mouth:.1f}{left}{crown}{right}Z"
