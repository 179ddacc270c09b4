"""What several landscapes share: a sun, stars, a fir tree."""

from random import Random

from dev.pictures.sheet import Sheet


def sun_disc(sheet: Sheet, x: float, y: float, r: float, colour: str) -> None:
    for reach, strength in ((9, 0.28), (4.5, 0.35), (2.2, 0.5)):
        glow = sheet.round((0, colour, strength), (0.35, colour, strength * 0.45), (1, colour, 0))
        sheet.disc(x, y, r * reach, glow)
    sheet.disc(x, y, r, colour)


def starry(sheet: Sheet, rng: Random, width: float, height: float, count: int = 260) -> None:
    for _ in range(count):
        sheet.disc(
            rng.uniform(0, width),
            rng.uniform(0, height),
            abs(rng.gauss(0.7, 0.6)) + 0.3,
            "#ffffff",
            opacity=rng.uniform(0.25, 1),
        )


def fir(sheet: Sheet, rng: Random, x: float, foot: float, tall: float, colour: str) -> None:
    """A conifer: tiers of branches, each hanging a little below the one above."""
    tiers, right, left = min(max(4, int(tall / 9)), 17), [], []
    wide = rng.uniform(0.15, 0.24)
    for at in range(tiers):
        share = (at + 1) / tiers
        y, reach = foot - tall * (1 - share), tall * wide * share**0.9 * rng.uniform(0.75, 1.15)
        right += [(x + reach, y), (x + reach * 0.4, y - tall * 0.03)]
        left += [(x - reach * rng.uniform(0.85, 1.1), y + tall * 0.008), (x - reach * 0.4, y - tall * 0.03)]
    sheet.area([(x, foot - tall * 1.06), *right, (x, foot), *reversed(left)], colour)
