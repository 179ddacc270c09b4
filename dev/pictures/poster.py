"""A poster of geometric tiles."""

from random import Random

from dev.pictures.light import textured
from dev.pictures.scene import Scene, in_turn
from dev.pictures.sheet import Sheet

POSTERS = [
    ["#f2e8d5", "#d7352b", "#f0b323", "#1d4e9e", "#15181c"],
    ["#efe6d8", "#e76f51", "#2a9d8f", "#e9c46a", "#264653"],
    ["#f4ede4", "#7b2d43", "#d98e73", "#ecc8a0", "#2c3e50"],
    ["#ece9e1", "#ff6f3c", "#155263", "#ffc93c", "#0b2b3a"],
    ["#f5efe6", "#3d5a80", "#ee6c4d", "#98c1d9", "#293241"],
]
POSTER_CAPTIONS = [
    "Circle, square, triangle. Repeat.",
    "Found my old compasses.",
    "Tiles for a kitchen I don't have.",
    "Less, but more of it.",
    "A quilt, sort of.",
    "Four colours ought to be enough.",
    "Each tile took a minute, the order took a day.",
]


def poster(rng: Random, width: int, height: int, turn: int) -> Scene:
    ground, *inks = in_turn(POSTERS, turn)
    columns, rows = (4, 5) if height > width else (4, 4) if height == width else (6, 3)
    side = int(min(width / (columns + 0.45), height / (rows + 0.45)))
    left, top = (width - columns * side) // 2, (height - rows * side) // 2
    sheet = Sheet(width, height)
    sheet.fill(ground)
    for at in range(columns * rows):
        one, two = rng.sample([ground, *inks], 2)
        corner = f"translate({left + at % columns * side} {top + at // columns * side})"
        with sheet.group(transform=f"{corner} rotate({rng.randrange(4) * 90} {side / 2} {side / 2})"):
            sheet.rect(0, 0, side, side, one)
            _tile(sheet, rng, side, two, rng.choice([ink for ink in [ground, *inks] if ink not in (one, two)]))
    image = textured(sheet.image(), rng.randrange(10**6), 4, 10)
    caption = f"{in_turn(POSTER_CAPTIONS, turn)} #bauhaus #{rng.choice(['poster', 'geometry', 'design', 'pattern'])}"
    return Scene(
        image,
        caption,
        f"A geometric poster of {columns * rows} tiles: quarter circles, stripes, rings and dots in bold colours.",
    )


def _tile(sheet: Sheet, rng: Random, a: float, ink: str, accent: str) -> None:
    """One of eight figures in a square of side `a`."""
    match rng.choice("QQQHRSDTLC"):
        case "Q":
            sheet.path(f"M0 0H{a}A{a} {a} 0 0 1 0 {a}Z", ink)
            if rng.random() < 0.5:
                sheet.path(f"M0 0H{a / 2}A{a / 2} {a / 2} 0 0 1 0 {a / 2}Z", accent)
        case "H":
            sheet.path(f"M0 0A{a / 2} {a / 2} 0 0 0 {a} 0Z", ink)
            sheet.path(f"M0 {a / 2}A{a / 2} {a / 2} 0 0 0 {a} {a / 2}Z", accent)
        case "R":
            for reach, colour in ((0.42, ink), (0.28, accent), (0.14, ink)):
                sheet.disc(a / 2, a / 2, a * reach, colour)
        case "S":
            for at in range(4):
                sheet.rect(0, a * at / 4, a, a / 8, ink, shape_rendering="crispEdges")
        case "D":
            for at in range(9):
                sheet.disc(a * (at % 3 + 0.5) / 3, a * (at // 3 + 0.5) / 3, a * 0.09, ink)
        case "T":
            sheet.area([(0, 0), (a, 0), (0, a)], ink)
            sheet.disc(a * 0.68, a * 0.68, a * 0.16, accent)
        case "L":
            sheet.path(f"M0 {a}A{a} {a} 0 0 1 {a} 0A{a} {a} 0 0 1 0 {a}Z", ink)
            sheet.disc(a / 2, a / 2, a * 0.13, accent)
        case "C":
            for reach in (1, 0.75, 0.5, 0.25):
                sheet.path(
                    f"M0 0H{a * reach}A{a * reach} {a * reach} 0 0 1 0 {a * reach}Z",
                    ink if reach in (1, 0.5) else accent,
                )
