"""What light does to pixels: blur, glow, reflection, haze and grain, on libvips images with alpha."""

from typing import Any

import pyvips

Image = Any
"""A pyvips image: its functions come from libvips while it runs, and have no types."""

QUALITY = 88


def over(below: Image, *layers: Image) -> Image:
    """Layers upon an image, the last on top."""
    return below.composite(list(layers), "over")


def screened(below: Image, layer: Image) -> Image:
    """Light added to an image, as two projectors add theirs."""
    return below.composite(layer, "screen")


def blurred(image: Image, sigma: float) -> Image:
    return image.premultiply().gaussblur(sigma).unpremultiply().cast("uchar")


def smeared(image: Image, down: float) -> Image:
    """Blurred along the vertical only, as wet surfaces do."""
    kernel = pyvips.Image.gaussmat(down, 0.2, separable=True, precision="float")
    return image.premultiply().conv(kernel.rot90(), precision="float").unpremultiply().cast("uchar")


def rippled(image: Image, seed: int, strength: float, cell: int = 90) -> Image:
    """Shifted sideways by a noise that is stretched along the horizontal, more and more towards the bottom."""
    where = pyvips.Image.xyz(image.width, image.height)
    flat = pyvips.Image.perlin(image.width // 4 + 1, image.height * 2, cell_size=cell // 4, seed=seed, uchar=False)
    noise = flat.resize(image.width / flat.width, vscale=image.height / flat.height)
    noise = noise.crop(0, 0, image.width, image.height)
    across = where[0] + noise * strength * (where[1] / image.height + 0.15)
    return image.mapim(across.bandjoin(where[1]), extend="copy").copy_memory()


def mirrored(above: Image, height: int, seed: int, ripple: float, opacity: float) -> Image:
    """An image of the world above a water line, with its reflection below, `height` pixels in all.

    The water shifts what it reflects by up to `ripple` pixels, and at its near end lets `opacity` of it through.
    """
    above, below = above.copy_memory(), height - above.height
    reflection = smeared(rippled(above.flipver().crop(0, 0, above.width, below), seed, ripple), 5)
    depth = pyvips.Image.xyz(above.width, below)[1] / below
    return above.join((reflection[0:3] * (0.85 - (0.85 - opacity) * depth)).cast("uchar").bandjoin(255), "vertical")


def enlarged(image: Image, width: int, height: int) -> Image:
    """What is soft anyway can be drawn and blurred small."""
    return image.resize(width / image.width, vscale=height / image.height, kernel="linear").copy_memory()


def textured(image: Image, seed: int, strength: float, cell: int) -> Image:
    """Lightened and darkened by soft clouds of about `cell` pixels; `strength` in steps of 255."""
    noise = pyvips.Image.perlin(image.width, image.height, cell_size=cell, seed=seed)
    return (image[0:3] + noise * strength).cast("uchar").bandjoin(image[3]).copy(interpretation="srgb")


def developed(image: Image, seed: int, grain: float = 4, vignette: float = 0.12) -> bytes:
    """A JPEG, with film grain of `grain` steps of 255 and corners darkened by `vignette`."""
    width, height = image.width, image.height
    noise = pyvips.Image.gaussnoise(360, 360, sigma=grain, mean=0, seed=seed)
    noise = noise.replicate(width // 360 + 1, height // 360 + 1).crop(0, 0, width, height)
    where = pyvips.Image.xyz(width, height)
    aside, along = where[0] / width - 0.5, where[1] / height - 0.5
    shade = 1 - (aside * aside + along * along) * (2 * vignette)
    film = (image.flatten()[0:3] * shade + noise).cast("uchar").copy(interpretation="srgb")
    jpeg: bytes = film.jpegsave_buffer(Q=QUALITY, keep="none")
    return jpeg
