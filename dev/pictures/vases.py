"""Vases on a table in window light."""

from random import Random

from dev.pictures.light import blurred, enlarged, over, textured
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix
from dev.pictures.sheet import Point, Sheet, curve

# name, wall, table, glazes, leaves
SHELVES = [
    ("clay", "#e4c7ad", "#b98263", ["#c4623f", "#efe3d2", "#7d8c6c", "#3f4a4f"], "#5f6b45"),
    ("sage", "#c9d2bf", "#9a8a6e", ["#f1ead9", "#6f8a76", "#d9a066", "#37474b"], "#41583f"),
    ("blush", "#ecd0c6", "#c4907f", ["#f8efe6", "#b4576a", "#8d99ae", "#e0a458"], "#6b7a4f"),
    ("blue", "#b9cbd6", "#8d7a68", ["#f3eee2", "#2f5d7c", "#dca15d", "#9fb8ad"], "#3d5a4c"),
]
VASE_CAPTIONS = [
    "New shelf, old pots.",
    "Four o'clock light.",
    "Threw these in March, glazed them in June.",
    "Quiet company.",
    "The kiln was kind this time.",
    "None of them is quite straight. Good.",
    "Sunday, by the window.",
]

Profile = list[tuple[float, float]]
# (share of the height from the foot, half width as a share of the height)
PROFILES: list[Profile] = [
    [(0, 0.15), (0.1, 0.21), (0.34, 0.27), (0.58, 0.19), (0.74, 0.08), (0.9, 0.065), (1, 0.09)],
    [(0, 0.18), (0.15, 0.3), (0.4, 0.38), (0.68, 0.33), (0.86, 0.2), (0.94, 0.16), (1, 0.18)],
    [(0, 0.12), (0.2, 0.15), (0.5, 0.18), (0.75, 0.18), (0.9, 0.13), (1, 0.12)],
    [(0, 0.2), (0.12, 0.24), (0.3, 0.2), (0.44, 0.12), (0.6, 0.2), (0.78, 0.24), (0.92, 0.14), (1, 0.13)],
]


SHADOW = "#20120c"
SOFT = 3  # light and shadows are blurred, and so drawn at a third of the size


def vases(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, wall, table, glazes, leaf = in_turn(SHELVES, turn)
    room, light, shelf = Sheet(width, height), Sheet(width // SOFT, height // SOFT), Sheet(width, height)
    room.fill(room.across(mix(wall, "#ffffff", 0.1), wall, mix(wall, "#000000", 0.06)))
    _window(light, rng, width / SOFT, height / SOFT)
    edge, tones = height * 0.74, shelf.down(mix(table, "#ffffff", 0.1), table, mix(table, "#000000", 0.1))
    shelf.rect(0, edge, width, height - edge, tones)
    shelf.rect(0, edge - 2, width, 5, mix(table, "#ffffff", 0.25))
    count = 3 if width < height * 1.4 else 5
    pots, shade = Sheet(width, height), Sheet(width // SOFT, height // SOFT)
    _arrange(pots, shade, rng, edge, rng.sample(PROFILES * 2, count), rng.sample(glazes * 2, count), leaf)
    sunlight, shadows = blurred(light.image(), 2.5), blurred(shade.image(), 3)
    layers = [enlarged(sunlight, width, height), shelf.image(), enlarged(shadows, width, height), pots.image()]
    image = textured(over(room.image(), *layers), rng.randrange(10**6), 5, 14)
    tag = rng.choice(["stilllife", "pottery", "home", "slowliving"])
    seen = f"{count} ceramic vases and some green sprigs on a table, before a {name} wall in window light."
    return Scene(image, f"{in_turn(VASE_CAPTIONS, turn)} #ceramics #{tag}", seen)


def _arrange(
    pots: Sheet, shade: Sheet, rng: Random, edge: float, profiles: list[Profile], glazes: list[str], leaf: str
) -> None:
    """Vases side by side on the table whose far edge is at `edge`; the middle one holds sprigs, others may."""
    unit, count = min(pots.width, pots.height), len(profiles)
    for at, (profile, glaze) in enumerate(zip(profiles, glazes, strict=True)):
        x = pots.width * (0.5 + ((at + 0.5) / count - 0.5) * 0.82 + rng.uniform(-0.02, 0.02))
        foot, tall = edge + pots.height * rng.uniform(0.05, 0.13), unit * rng.uniform(0.24, 0.42)
        broad = tall * max(half for _, half in profile)
        shade.ellipse((x + broad * 0.5) / SOFT, foot / SOFT, broad * 0.5, tall * 0.022, SHADOW, opacity=0.42)
        shade.area([(px / SOFT, py / SOFT) for px, py in _cast(x, foot, tall, broad)], SHADOW, opacity=0.16)
        if at == count // 2 or rng.random() < 0.35:
            _sprig(pots, rng, x, foot - tall * 0.97, unit * rng.uniform(0.22, 0.32), leaf)
        _pot(pots, x, foot, tall, profile, glaze)


def _window(sheet: Sheet, rng: Random, width: float, height: float) -> None:
    """Four panes of sunlight, slanting across the wall."""
    left, top, wide, tall, slant = (
        width * rng.uniform(0.1, 0.3),
        height * 0.08,
        width * 0.2,
        height * 0.2,
        height * 0.12,
    )
    for column in range(2):
        for row in range(2):
            x, y = left + column * wide * 1.09, top + row * tall * 1.07 + column * slant * 1.09
            sheet.area(
                [(x, y), (x + wide, y + slant), (x + wide, y + slant + tall), (x, y + tall)], "#fff3d6", opacity=0.5
            )


def _cast(x: float, foot: float, tall: float, broad: float) -> list[Point]:
    """The shadow of a pot on the table, away from the window."""
    return [
        (x - broad * 0.5, foot),
        (x + broad * 0.6, foot),
        (x + broad * 2.6, foot - tall * 0.1),
        (x + broad * 2.2, foot - tall * 0.15),
    ]


def _pot(sheet: Sheet, x: float, foot: float, tall: float, profile: Profile, glaze: str) -> None:
    right = [(x + half * tall, foot - share * tall) for share, half in profile]
    left = [(x - half * tall, foot - share * tall) for share, half in reversed(profile)]
    lip_x, lip_y = profile[-1][1] * tall, foot - tall
    sheet.ellipse(x, lip_y, lip_x, lip_x * 0.24, mix(glaze, "#000000", 0.45))
    body = sheet.across(
        (0, mix(glaze, "#ffffff", 0.22), 1),
        (0.22, mix(glaze, "#ffffff", 0.12), 1),
        (0.55, glaze, 1),
        (1, mix(glaze, "#000000", 0.32), 1),
    )
    bottom = f"A{profile[0][1] * tall:.1f} {profile[0][1] * tall * 0.2:.1f} 0 0 0 {right[0][0]:.1f} {foot:.1f}"
    rim = f"A{lip_x:.1f} {lip_x * 0.24:.1f} 0 0 1 {left[0][0]:.1f} {lip_y:.1f}"
    sheet.path(f"M{right[0][0]:.1f} {foot:.1f}{_side(right)}{rim}{_side(left)}{bottom}Z", body)
    sheet.ellipse(
        x,
        lip_y,
        lip_x,
        lip_x * 0.24,
        mix(glaze, "#000000", 0.4),
        stroke=mix(glaze, "#ffffff", 0.3),
        stroke_width=tall * 0.008,
    )


def _side(points: list[Point]) -> str:
    return curve([points[0], *points, points[-1]])


def _sprig(sheet: Sheet, rng: Random, x: float, y: float, tall: float, colour: str) -> None:
    """Two or three stems of eucalyptus that lean apart."""
    for lean in (-0.42, 0.12, 0.5)[: rng.choice([2, 3])]:
        stem = [
            (x + lean * tall * (at / 10) ** 1.6, y - tall * (1 - abs(lean) * 0.3) * at / 10 + tall * 0.06)
            for at in range(11)
        ]
        sheet.line(stem, mix(colour, "#3a2a18", 0.4), max(1.6, tall * 0.012))
        for at in range(3, 11):
            for side in (-1, 1):
                r = tall * 0.062 * (1.25 - at / 16) * rng.uniform(0.85, 1.2)
                px, py = stem[at][0] + side * r * 1.05, stem[at][1] - r * rng.uniform(-0.1, 0.5)
                with sheet.group(transform=f"rotate({side * rng.uniform(10, 40) + lean * 40:.0f} {px:.1f} {py:.1f})"):
                    sheet.ellipse(
                        px,
                        py,
                        r * 1.15,
                        r * 0.78,
                        mix(colour, rng.choice(["#dfe8d0", "#1d2a1a"]), rng.uniform(0.03, 0.3)),
                    )
