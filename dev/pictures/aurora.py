"""Northern lights over a lake."""

from random import Random

from dev.pictures.light import blurred, enlarged, mirrored, over, screened
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import mix, ridge, wave
from dev.pictures.sheet import Sheet

# name, colours of a curtain from its foot upwards
AURORAS = [
    ("green", ["#c9ffd0", "#3dffa0", "#12b886", "#3a6bd8", "#6a2fb0"]),
    ("green and violet", ["#d8ffe8", "#5cf5b0", "#28a7c9", "#8a4be0", "#c04fc9"]),
    ("pink and green", ["#fff0d8", "#8dffb0", "#39d0a0", "#e05fa8", "#7a2f9a"]),
]
AURORA_CAPTIONS = [
    "Minus twenty and nobody wanted to go in.",
    "It moves. Nobody tells you how it moves.",
    "Third night lucky.",
    "Forgot to breathe for a while.",
    "The lake had it first.",
    "We lay on the ice and said nothing.",
    "Worth every frozen finger.",
]


def aurora(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, curtain = in_turn(AURORAS, turn)
    shore, unit = int(height * rng.uniform(0.66, 0.74)), min(width, height)
    night = Sheet(width, shore)
    night.fill(night.down("#050920", "#0b1a3a", "#14365a", "#1d5468"))
    for _ in range(420):
        r = abs(rng.gauss(0.6, 0.55)) + 0.35
        night.disc(
            rng.uniform(0, width),
            shore * rng.random() ** 1.2,
            r,
            rng.choice(["#ffffff", "#cfe0ff", "#ffe9cf"]),
            opacity=rng.uniform(0.3, 1),
        )
    image = night.image()
    for at in range(3):
        veil = Sheet(width // 3, shore // 3)
        _curtain(veil, rng, shore * (0.167 + 0.033 * at), shore * rng.uniform(0.14, 0.21), curtain, 0.8)
        image = screened(image, enlarged(blurred(veil.image(), unit * (0.0057, 0.0033, 0.002)[at]), width, shore))
    land = Sheet(width, shore)
    for at, (colour, tall) in enumerate((("#0d2138", 0.075), ("#060f1f", 0.035))):
        land.land(
            ridge(rng, width, shore - height * (0.07 - 0.045 * at), height * tall, 0.5),
            land.down(colour, mix(colour, "#2b7a78", 0.16)),
        )
    image = mirrored(over(image, land.image()), height, rng.randrange(10**6), unit * 0.02, 0.5)
    caption = f"{in_turn(AURORA_CAPTIONS, turn)} #aurora #{rng.choice(['northernlights', 'night', 'stars', 'winter'])}"
    return Scene(
        image, caption, f"Curtains of {name} northern lights hang over dark mountains and are mirrored in a still lake."
    )


def _curtain(sheet: Sheet, rng: Random, foot: float, tall: float, colours: list[str], opacity: float) -> None:
    """Rays side by side, bright at the foot and fading upwards, along a line that folds upon itself."""
    fold, sway, shine, reach = wave(rng, 3, 0.8), wave(rng, 3, 1.3), wave(rng, 4, 5), wave(rng, 4, 4)
    rays = [
        sheet.down(
            (0, colours[4], 0),
            (0.25, colours[3], 0.25),
            (0.55, colours[2], 0.55),
            (0.85, colours[1], 0.95),
            (0.95, colours[0], 0.9),
            (1, colours[1], 0),
        )
    ]
    count = 230
    for at in range(count):
        share = at / count
        x = sheet.width * (-0.15 + 1.3 * share + 0.09 * fold(share * 1.4))
        y = foot + tall * 0.3 * sway(share)
        long = tall * (0.75 + 0.4 * reach(share))
        sheet.rect(
            x, y - long, sheet.width * 0.011, long, rays[0], opacity=opacity * max(0.05, 0.5 + 0.5 * shine(share))
        )
