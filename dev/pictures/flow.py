"""Lines that follow a current side by side, as a pen plotter draws them."""

import math
from random import Random

from dev.pictures.scene import Scene, in_turn
from dev.pictures.shapes import TAU, wave
from dev.pictures.sheet import Point, Sheet

# ground, inks
CURRENTS = [
    ("deep blue", "#0c1b33", ["#f4d58d", "#e76f51", "#8fc1d4", "#2f6690", "#f7ede2"]),
    ("warm white", "#f6efe4", ["#1d3557", "#e63946", "#457b9d", "#f4a261", "#2a9d8f"]),
    ("plum", "#241023", ["#f28482", "#f6bd60", "#84a59d", "#b56576", "#f7ede2"]),
    ("sand", "#efe1c9", ["#14342b", "#60935d", "#bbdf9a", "#c8553d", "#f2a65a"]),
    ("black", "#101014", ["#e0fbfc", "#3d5a80", "#98c1d9", "#ee6c4d", "#ffd166"]),
]
FLOW_CAPTIONS = [
    "Followed the wind with a pen.",
    "Hundreds of lines, and none of them touch.",
    "Let it flow.",
    "Currents, no. 7.",
    "The plotter hummed all night.",
    "Combed by numbers.",
    "Two waves and a rule.",
]


def flow(rng: Random, width: int, height: int, turn: int) -> Scene:
    name, ground, inks = in_turn(CURRENTS, turn)
    sheet, apart = Sheet(width, height), rng.choice([9, 12, 16])
    across, down, hue = wave(rng, 2, 0.55), wave(rng, 2, 0.55), wave(rng, 2, 0.7)
    start, taken = rng.uniform(0, TAU), dict[tuple[int, int], int]()
    sheet.fill(ground)
    for line in range(2600 if apart < 16 else 1500):
        x, y = rng.uniform(-0.05, 1.05) * width, rng.uniform(-0.05, 1.05) * height
        ink = inks[int((hue(x / width + y / height * 0.7) + 1) * 2.5 + rng.gauss(0, 0.55)) % len(inks)]
        points: list[Point] = []
        for _ in range(150):
            cell = (int(x // apart), int(y // apart))
            if taken.setdefault(cell, line) != line or not (-40 < x < width + 40 and -40 < y < height + 40):
                break
            points.append((x, y))
            angle = start + 1.5 * across(x / width + 0.35 * y / height) + 1.5 * down(y / height - 0.25 * x / width)
            x, y = x + apart * 0.7 * math.cos(angle), y + apart * 0.7 * math.sin(angle)
        if len(points) > 4:
            sheet.line(points[::2], ink, apart * rng.choice([0.28, 0.45, 0.62, 0.62]))
    caption = f"{in_turn(FLOW_CAPTIONS, turn)} #generative #{rng.choice(['flow', 'lines', 'abstract', 'plotter'])}"
    return Scene(
        sheet.image(),
        caption,
        f"Hundreds of coloured lines stream side by side over a {name} ground, like wind made visible.",
    )
