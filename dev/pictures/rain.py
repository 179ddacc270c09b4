"""The lights of a city at night, through a wet window."""

from random import Random

import pyvips

from dev.pictures.light import Image, blurred, enlarged, over, screened
from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import wobbly
from dev.pictures.sheet import Sheet

# name, the street from top to bottom, its lights
STREETS = [
    ("amber", ["#0b1326", "#1d2a44", "#0a0f1c"], ["#ffb347", "#ff8c42", "#ffd27f", "#e8443a", "#fff0c9"]),
    ("neon", ["#0d0a24", "#2a1a52", "#0a0818"], ["#ff4fa3", "#37c8ff", "#a05bff", "#ffd166", "#4dffd2"]),
    ("green", ["#06201f", "#164a45", "#041413"], ["#7dffb0", "#ffe08a", "#3fd0b0", "#ff7a59", "#d9ffe8"]),
]
RAIN_CAPTIONS = [
    "Third café, same rain.",
    "Waiting for the tram.",
    "Best seat in the house tonight.",
    "The forecast said sunny.",
    "City lights, but make them soft.",
    "Rain on glass is my favourite filter.",
    "Stayed in, looked out.",
]


def rain(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, street, lights = in_turn(STREETS, turn)
    unit = min(width, height)
    view = enlarged(_street(rng, width // 3, height // 3, street, lights), width, height)
    image = over(_through_drops(rng, view, unit), _gloss(width, height))
    caption = f"{in_turn(RAIN_CAPTIONS, turn)} #rain #{rng.choice(['bokeh', 'window', 'city', 'cosy'])}"
    return Scene(
        image, caption, f"Raindrops on a window at night; behind them {name} street lights melt into soft discs."
    )


def _street(rng: Random, width: int, height: int, street: list[str], lights: list[str]) -> Image:
    """Out of focus: every lamp is a disc, most of them around the level of the eyes."""
    ground = Sheet(width, height)
    ground.fill(ground.down(*street))
    image, unit = ground.image(), min(width, height)
    for size, count, soft in ((0.2, 7, 16), (0.085, 30, 1.6), (0.05, 34, 1.1)):
        lamps = Sheet(width, height)
        for _ in range(count):
            x, y, r = rng.uniform(0, width), height * rng.gauss(0.5, 0.2), unit * size * rng.uniform(0.6, 1.15)
            colour = rng.choice(lights)
            lamps.disc(
                x, y, r, lamps.round((0, colour, 0.42), (0.85, colour, 0.5), (0.97, colour, 0.72), (1, colour, 0.6))
            )
        image = screened(image, blurred(lamps.image(), soft))
    return image.copy_memory()


def _through_drops(rng: Random, view: Image, unit: int) -> Image:
    """A drop is a lens: it shows the whole street upside down. Two ramps of grey say how far it bends the light."""
    across, down = Sheet(view.width, view.height), Sheet(view.width, view.height)
    marks = Sheet(view.width, view.height)
    tilt, fall = across.across("#000000", "#ffffff"), down.down("#000000", "#ffffff")
    rim = marks.round((0, "#000000", 0), (0.78, "#000000", 0.0), (1, "#000000", 0.42), cx=0.5, cy=0.56, r=0.52)
    for _ in range(300):
        r = unit * min(0.036, 0.0025 + 0.006 * rng.paretovariate(1.3) * rng.random() ** 1.5)
        x, y = rng.uniform(0, view.width), rng.uniform(0, view.height)
        outline = [(px, y + (py - y) * rng.uniform(1.05, 1.12)) for px, py in wobbly(rng, x, y, r, 0.09, 8)]
        across.blob(outline, tilt)
        down.blob(outline, fall)
        marks.blob(outline, rim)
        marks.ellipse(x - r * 0.3, y - r * 0.42, r * 0.2, r * 0.13, "#ffffff", opacity=0.75)
        marks.ellipse(x + r * 0.2, y + r * 0.62, r * 0.34, r * 0.1, "#ffffff", opacity=0.22)
    bent, sunk = across.image(), down.image()
    where = pyvips.Image.xyz(view.width, view.height)
    aside = where[0] - (bent[0] - 128.0) * (bent[3] > 200).ifthenelse(view.width / 520, 0)
    along = where[1] - (sunk[0] - 128.0) * (sunk[3] > 200).ifthenelse(view.height / 700, 0)
    seen = view.mapim(aside.clamp(max=view.width - 2).bandjoin(along.clamp(max=view.height - 2)).copy_memory())
    lens = (bent[3] > 200).ifthenelse(1.4, 1)
    return over((seen[0:3] * lens).cast("uchar").bandjoin(255).copy(interpretation="srgb"), marks.image())


def _gloss(width: int, height: int) -> Image:
    sheet = Sheet(width, height)
    sheet.fill(sheet.down((0, "#dfe9ff", 0.10), (0.45, "#dfe9ff", 0), (1, "#000000", 0.22)))
    return sheet.image()
