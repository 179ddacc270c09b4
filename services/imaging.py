"""What a worker makes of an uploaded image: pure functions over bytes, for a child process that may be killed.

The decoders are loaded at the first `render`; importing this module costs nothing.
"""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyvips import Image

ACCEPTED = {
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/heic": "heif",
    "image/heif": "heif",
    "image/avif": "avif",
}
"""Content types that can be uploaded, with the format each stands for: a camera calls the same file heic or heif."""

SNIFFED_BYTES = 64
"""`sniff` needs so many first bytes: the header of an ISO file with a dozen compatible brands."""

THUMBNAIL_SIDE, MEDIUM_SIDE, LARGE_SIDE = 150, 640, 1080

_MAGIC = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_BRANDS = {
    "image/avif": {b"avif", b"avis"},
    "image/heic": {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"},
    "image/heif": {b"mif1", b"msf1"},
}
_LOADERS = ("Jpeg", "Png", "Webp", "Nsgif", "Heif")
_BLURHASH_SIDE = 32
_WEBP = {"Q": 80, "effort": 2, "keep": "none"}


class Unreadable(Exception):
    """The upload cannot become a picture; the text tells its owner why."""


@dataclass(frozen=True, kw_only=True)
class ImageLimits:
    """The most pixels, and frames of an animation, that a file's header may promise."""

    pixels: int
    frames: int


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """Width and height in pixels of the original as displayed; the renditions as WebP in sRGB, free of metadata."""

    width: int
    height: int
    blurhash: str
    renditions: dict[str, bytes]


@dataclass(frozen=True, kw_only=True)
class _Source:
    """An original of which only the header was read; `shrink` decodes it, upright, into a box of pixels."""

    width: int
    height: int
    frames: int
    shrink: Callable[[int, int], "Image"]


def sniff(head: bytes) -> str | None:
    """The content type that a file's first `SNIFFED_BYTES` bytes show; None for what is not accepted."""
    for magic, content_type in _MAGIC.items():
        if head.startswith(magic):
            return content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return _sniff_brands(head) if head[4:8] == b"ftyp" else None


def render(original: bytes, content_type: str, limits: ImageLimits) -> Rendered:
    """The renditions `thumbnail` (a square), `medium` and `large` of an image, or of an animation's first frame.

    Raises Unreadable for bytes that are not what `content_type` says, promise more than the limits, or are damaged
    or cut short as far as that frame goes.
    """
    found = sniff(original[:SNIFFED_BYTES])
    if found is None:
        raise Unreadable("This is not a picture of a kind that can be shown here.")
    if ACCEPTED[found] != ACCEPTED.get(content_type):
        raise Unreadable(f"This was announced as {content_type}, but it is {found}.")
    try:
        source = _open_heif(original) if ACCEPTED[found] == "heif" else _open(original)
        _check(source, limits)
        return _render(source)
    except (_vips().Error, ValueError, EOFError, SyntaxError, RuntimeError, OSError) as broken:
        raise Unreadable("This picture is damaged or incomplete.") from broken


def _sniff_brands(head: bytes) -> str | None:
    """By the major brand of an ISO base media file, then by those it says it is compatible with (ISO 14496-12, 4.3)."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[at : at + 4] for at in range(16, end, 4)}
    for brands in ({head[8:12]} - _BRANDS["image/heif"], compatible, {head[8:12]}):
        for content_type, known in _BRANDS.items():
            if brands & known:
                return content_type
    return None


@cache
def _vips() -> Any:
    """libvips with no decoder but those of `ACCEPTED`, one thread, and nothing kept from one image to the next.

    Any: pyvips makes its functions up from libvips while it runs, and so has no types to check.
    """
    import pyvips

    pyvips.operation_block_set("VipsForeignLoad", True)
    for loader in _LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{loader}", False)
    logging.getLogger("pyvips").setLevel(logging.ERROR)  # a damaged upload warns thousands of times
    pyvips.concurrency_set(1)
    pyvips.cache_set_max(0)
    return pyvips


def _open(original: bytes) -> _Source:
    vips = _vips()
    header = vips.Image.new_from_buffer(original, "", access="sequential", fail_on="truncated")
    sides = (header.width, header.height)
    sideways = header.get_typeof("orientation") and header.get("orientation") >= 5
    width, height = reversed(sides) if sideways else sides

    def shrink(into_width: int, into_height: int) -> "Image":
        box = {"height": into_height, "size": "down", "output_profile": "srgb"}
        # thumbnail_buffer's own `fail_on` does not reach the decoder.
        return vips.Image.thumbnail_buffer(original, into_width, option_string="fail_on=truncated", **box)

    frames = header.get("n-pages") if header.get_typeof("n-pages") else 1
    return _Source(width=width, height=height, frames=frames, shrink=shrink)


def _open_heif(original: bytes) -> _Source:
    """libvips comes without a decoder for HEVC. libheif has turned the picture upright."""
    import pillow_heif

    vips = _vips()
    pillow_heif.options.DECODE_THREADS = 1
    heif = pillow_heif.open_heif(original)
    width, height = heif.size

    def shrink(into_width: int, into_height: int) -> "Image":
        decoded = heif.to_pillow()
        if decoded.mode not in ("RGB", "RGBA"):
            decoded = decoded.convert("RGBA" if "a" in decoded.mode.lower() else "RGB")
        image = vips.Image.new_from_array(decoded).copy(interpretation="srgb")
        if profile := decoded.info.get("icc_profile"):
            image.set_type(vips.GValue.blob_type, "icc-profile-data", profile)
        return image.thumbnail_image(into_width, height=into_height, size="down", output_profile="srgb")

    return _Source(width=width, height=height, frames=len(heif), shrink=shrink)


def _check(source: _Source, limits: ImageLimits) -> None:
    if source.width * source.height > limits.pixels:
        raise Unreadable(
            f"This picture has {source.width} × {source.height} pixels; at most {limits.pixels:,} in all are taken."
        )
    if source.frames > limits.frames:
        raise Unreadable(f"This animation has {source.frames:,} frames; at most {limits.frames:,} are taken.")


def _render(source: _Source) -> Rendered:
    """Decode once, no smaller than the largest rendition and the thumbnail's square need, and shrink from there."""
    longer, shorter = max(source.width, source.height), min(source.width, source.height)
    scale = min(1, max(LARGE_SIDE / longer, THUMBNAIL_SIDE / shorter))
    decoded = source.shrink(round(source.width * scale), round(source.height * scale))
    base = decoded.colourspace("srgb").cast("uchar").copy_memory()
    square = min(THUMBNAIL_SIDE, shorter)
    renditions = {
        "thumbnail": base.thumbnail_image(square, height=square, crop="attention"),
        "medium": _within(base, MEDIUM_SIDE),
        "large": _within(base, LARGE_SIDE),
    }
    return Rendered(
        width=source.width,
        height=source.height,
        blurhash=_blurhash(_within(base, _BLURHASH_SIDE)),
        renditions={name: image.webpsave_buffer(**_WEBP) for name, image in renditions.items()},
    )


def _within(image: "Image", side: int) -> "Image":
    return image.thumbnail_image(side, height=side, size="down")


def _blurhash(image: "Image") -> str:
    """Four components along the longer side and three along the shorter; what shows through is taken as white."""
    import blurhash
    from PIL import Image as Pillow

    opaque = image.flatten(background=255) if image.hasalpha() else image
    pixels = Pillow.frombytes("RGB", (opaque.width, opaque.height), opaque.write_to_memory())
    across, down = (3, 4) if opaque.height > opaque.width else (4, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # blurhash reads pixels in a way that Pillow 14 drops
        return str(blurhash.encode(pixels, across, down))
