"""Real files, made here by the libraries that cameras and programs use, through `services.imaging`."""

import io
import pickle
import struct
import subprocess
import sys
import zlib
from typing import Any

import blurhash
import pillow_heif
import pytest
import pyvips
from anyio import to_process
from PIL import Image, ImageCms, ImageDraw

from services.imaging import ACCEPTED, SNIFFED_BYTES, ImageLimits, Rendered, Unreadable, render, sniff

LIMITS = ImageLimits(pixels=100_000_000, frames=1_000)
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 170, 60), (40, 60, 210), (240, 210, 40)
QUARTERS = [RED, GREEN, BLUE, YELLOW]  # upper left, upper right, lower left, lower right
GPS_LATITUDE = "GPS 41 degrees"
ORIENTATION, GPS_IFD, MAKE = 0x0112, 0x8825, 0x010F


def quarters(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture whose four quarters differ, so that turning or mirroring it shows."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for at, colour in enumerate(QUARTERS):
        left, top = at % 2 * width // 2, at // 2 * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return image.convert(mode)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def heic(image: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=90, **options)
    return out.getvalue()


def avif(image: Image.Image, **options: Any) -> bytes:
    """By libvips: Pillow's wheel may come without an encoder."""
    encoded: bytes = pyvips.Image.new_from_array(image).heifsave_buffer(compression="av1", effort=0, Q=90, **options)
    return encoded


def animation(frames: int, side: int = 40) -> bytes:
    """A GIF whose first frame is red and whose others alternate, so that none is merged with its neighbour."""
    others = [Image.new("P", (side, side), at % 2) for at in range(1, frames)]
    for frame in (first := Image.new("P", (side, side), 0), *others):
        frame.putpalette([*RED, *BLUE])
    return saved(first, "GIF", save_all=True, append_images=others, optimize=False)


def png_header(width: int, height: int) -> bytes:
    """A PNG of a few bytes that promises `width` × `height` pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    ihdr = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + ihdr + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def private_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "SerialNumber-0815"
    exif[GPS_IFD] = {1: "N", 2: (41.0, 8.0, 30.0), 29: GPS_LATITUDE}
    return exif


def shown(rendered: Rendered, name: str = "large") -> Image.Image:
    return Image.open(io.BytesIO(rendered.renditions[name]))


def colours(image: Image.Image) -> list[tuple[int, ...]]:
    """The middles of the four quarters."""
    rgb, (width, height) = image.convert("RGB"), image.size
    points = [(x, y) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return [rgb.getpixel(point) for point in points]  # type: ignore[misc]


def alike(one: tuple[int, ...], other: tuple[int, ...], tolerance: int = 24) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def assert_quarters(image: Image.Image) -> None:
    assert all(map(alike, colours(image), QUARTERS)), colours(image)


def assert_free_of_metadata(rendered: Rendered) -> None:
    for webp in rendered.renditions.values():
        assert chunks(webp) <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
        assert not any(mark in webp for mark in (b"Exif", b"EXIF", b"ICCP", b"xmpmeta", b"GPS", b"SerialNumber"))


def chunks(webp: bytes) -> set[bytes]:
    kinds, at = set(), 12
    while at < len(webp):
        kinds.add(webp[at : at + 4])
        at += 8 + (size := struct.unpack_from("<I", webp, at + 4)[0]) + size % 2
    return kinds


# ------------------------------------------------------------------ what comes out


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_is_shown_upright_whatever_way_the_camera_was_held(orientation: int) -> None:
    upright = quarters(800, 600)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the Image.Transpose that brings about each orientation
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    rendered = render(saved(stored, "JPEG", exif=private_exif(orientation)), "image/jpeg", LIMITS)
    assert (rendered.width, rendered.height) == (800, 600)
    assert shown(rendered, "large").size == (800, 600)
    assert shown(rendered, "medium").size == (640, 480)
    assert_quarters(shown(rendered))
    assert_free_of_metadata(rendered)


def test_places_serial_numbers_profiles_and_comments_are_dropped() -> None:
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SerialNumber</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    private: dict[str, Any] = {"exif": private_exif(), "icc_profile": profile}
    picture = quarters(1200, 900)
    originals = {
        "image/jpeg": saved(picture, "JPEG", comment=b"SerialNumber", xmp=xmp, **private),
        "image/png": saved(picture, "PNG", **private),
        "image/webp": saved(picture, "WEBP", xmp=xmp, **private),
        "image/heic": heic(picture, exif=private_exif().tobytes(), xmp=xmp, icc_profile=profile),
    }
    for content_type, original in originals.items():
        assert b"SerialNumber" in original
        rendered = render(original, content_type, LIMITS)
        assert_free_of_metadata(rendered)
        assert_quarters(shown(rendered))


@pytest.mark.parametrize(
    ("size", "medium", "large", "thumbnail"),
    [
        ((2160, 2700), (512, 640), (864, 1080), 150),
        ((4000, 3000), (640, 480), (1080, 810), 150),
        ((700, 500), (640, 457), (700, 500), 150),
        ((100, 60), (100, 60), (100, 60), 60),
        ((1, 1), (1, 1), (1, 1), 1),
        ((5000, 10), (640, 1), (1080, 2), 10),
        ((20, 3000), (4, 640), (7, 1080), 20),
    ],
)
def test_renditions_are_shrunk_to_their_side_and_never_enlarged(
    size: tuple[int, int], medium: tuple[int, int], large: tuple[int, int], thumbnail: int
) -> None:
    rendered = render(saved(quarters(*size), "JPEG"), "image/jpeg", LIMITS)
    assert (rendered.width, rendered.height) == size
    assert [shown(rendered, name).size for name in ("thumbnail", "medium", "large")] == [
        (thumbnail, thumbnail),
        medium,
        large,
    ]


def test_transparency_is_kept() -> None:
    picture = quarters(400, 300, "RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 200, 150))
    for original, content_type in ((saved(picture, "PNG"), "image/png"), (heic(picture), "image/heic")):
        rendered = render(original, content_type, LIMITS)
        large = shown(rendered)
        assert large.mode == "RGBA"
        assert large.getpixel((100, 75)) == pytest.approx((0, 0, 0, 0), abs=2)
        assert large.getpixel((300, 75))[3] >= 253  # type: ignore[index]
        assert all(map(alike, colours(large)[1:], QUARTERS[1:]))


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1"])
def test_grey_and_palettes_become_srgb(mode: str) -> None:
    picture = quarters(600, 400).quantize(16) if mode == "P" else quarters(600, 400, mode)
    large = shown(render(saved(picture, "PNG"), "image/png", LIMITS))
    assert large.mode == "RGB"
    blurred = picture.convert("RGB").resize((2, 2), Image.Resampling.BOX)
    assert all(map(alike, colours(large.resize((2, 2), Image.Resampling.BOX)), colours(blurred)))


def test_printing_inks_become_srgb() -> None:
    """Roughly: what an ink looks like is up to its profile, and Pillow writes none."""
    rendered = render(saved(quarters(600, 400, "CMYK"), "JPEG", quality=95), "image/jpeg", LIMITS)
    assert shown(rendered).mode == "RGB"
    assert all(alike(found, wanted, 85) for found, wanted in zip(colours(shown(rendered)), QUARTERS, strict=True))


def test_sixteen_bits_become_eight() -> None:
    sixteen = (pyvips.Image.new_from_array(quarters(300, 200)) * 257).cast("ushort").copy(interpretation="rgb16")
    assert_quarters(shown(render(sixteen.pngsave_buffer(), "image/png", LIMITS)))
    grey = pyvips.Image.black(50, 50) + 128 * 257
    large = shown(render(grey.cast("ushort").copy(interpretation="grey16").pngsave_buffer(), "image/png", LIMITS))
    assert alike(large.convert("RGB").getpixel((25, 25)), (128, 128, 128), 3)  # type: ignore[arg-type]


def test_a_wide_gamut_is_brought_to_srgb() -> None:
    wide = pyvips.Image.new_from_array(quarters(300, 200)).icc_transform("p3", input_profile="srgb")
    assert not alike(colours(Image.open(io.BytesIO(wide.pngsave_buffer())))[0], RED, 8)
    assert_quarters(shown(render(wide.pngsave_buffer(), "image/png", LIMITS)))


def test_a_broken_colour_profile_does_not_spoil_the_picture() -> None:
    original = saved(quarters(300, 200), "JPEG", icc_profile=b"no profile" * 40)
    assert_quarters(shown(render(original, "image/jpeg", LIMITS)))


@pytest.mark.parametrize(("make", "content_type"), [(heic, "image/heic"), (heic, "image/heif"), (avif, "image/avif")])
def test_heic_and_avif_are_read(make: Any, content_type: str) -> None:
    rendered = render(make(quarters(801, 603)), content_type, LIMITS)
    assert (rendered.width, rendered.height) == (801, 603)
    assert_quarters(shown(rendered))


def test_deep_colours_of_avif_become_eight_bits() -> None:
    assert_quarters(shown(render(avif(quarters(320, 240), bitdepth=10), "image/avif", LIMITS)))


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_heic_is_shown_upright(orientation: int) -> None:
    upright = quarters(800, 600)
    stored = upright.transpose({3: Image.Transpose(3), 6: Image.Transpose(2), 8: Image.Transpose(4)}[orientation])
    rendered = render(heic(stored, exif=private_exif(orientation).tobytes()), "image/heic", LIMITS)
    assert (rendered.width, rendered.height) == (800, 600)
    assert_quarters(shown(rendered))


def test_an_animation_is_shown_by_its_first_frame() -> None:
    blue = Image.new("RGB", (40, 40), BLUE)
    webp = saved(Image.new("RGB", (40, 40), RED), "WEBP", save_all=True, append_images=[blue] * 3)
    for original, content_type in ((animation(5), "image/gif"), (webp, "image/webp")):
        rendered = render(original, content_type, LIMITS)
        assert (rendered.width, rendered.height) == (40, 40)
        assert getattr(shown(rendered), "n_frames", 1) == 1
        assert all(alike(colour, RED) for colour in colours(shown(rendered)))


@pytest.mark.parametrize("size", [(800, 600), (600, 800), (500, 500), (900, 300)])
def test_the_blurhash_decodes_to_the_colours_of_the_picture(size: tuple[int, int]) -> None:
    ramp = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", [ramp.point(lambda grey, low=low: low + grey // 4) for low in (150, 90, 40)])
    rendered = render(saved(picture, "JPEG"), "image/jpeg", LIMITS)
    assert len(rendered.blurhash) == 28
    decoded = blurhash.decode(rendered.blurhash, 32, 32)
    assert all(alike(found, wanted, 12) for found, wanted in zip(colours(decoded), colours(picture), strict=True))


# ------------------------------------------------------------------ what is refused

PICTURE = quarters(900, 700)
BYTES = {
    "image/jpeg": saved(PICTURE, "JPEG"),
    "image/png": saved(PICTURE, "PNG"),
    "image/webp": saved(PICTURE, "WEBP"),
    "image/gif": saved(PICTURE, "GIF"),
    "image/heic": heic(PICTURE),
    "image/avif": avif(PICTURE),
}


@pytest.mark.parametrize("content_type", BYTES)
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.9])
def test_what_was_cut_short_is_refused(content_type: str, kept: float) -> None:
    whole = BYTES[content_type]
    with pytest.raises(Unreadable):
        render(whole[: int(len(whole) * kept)], content_type, LIMITS)


@pytest.mark.parametrize("content_type", BYTES)
def test_a_picture_whose_bytes_were_garbled_is_refused_or_rendered_and_raises_nothing_else(content_type: str) -> None:
    whole = BYTES[content_type]
    for at in range(12, len(whole), len(whole) // 12):
        garbled = whole[:at] + bytes(byte ^ 0x5A for byte in whole[at : at + 40]) + whole[at + 40 :]
        try:
            rendered = render(garbled, content_type, LIMITS)
        except Unreadable:
            continue
        assert set(rendered.renditions) == {"thumbnail", "medium", "large"}


@pytest.mark.parametrize(
    ("original", "content_type"),
    [
        (b"", "image/jpeg"),
        (b"<!doctype html><script>alert(1)</script>", "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "image/svg+xml"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"),
        (b"<!-- polyglot -->" + BYTES["image/jpeg"], "image/jpeg"),
        (b"%PDF-1.7\n" + BYTES["image/png"], "image/png"),
        (b"II*\0" + bytes(100), "image/jpeg"),
        (b"RIFF\x10\0\0\0AVI LIST", "image/webp"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "image/heic"),
    ],
)
def test_what_does_not_begin_as_a_picture_is_refused(original: bytes, content_type: str) -> None:
    assert sniff(original) is None
    with pytest.raises(Unreadable, match="not a picture"):
        render(original, content_type, LIMITS)


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\xff\0\0\0WEBPVP8 "])
def test_what_only_begins_as_a_picture_is_refused(head: bytes) -> None:
    html = head + b"<html><script>alert(1)</script></html>" * 20
    with pytest.raises(Unreadable):
        render(html, str(sniff(html)), LIMITS)


def test_a_picture_announced_as_another_kind_is_refused() -> None:
    with pytest.raises(Unreadable, match="announced as image/jpeg, but it is image/png"):
        render(BYTES["image/png"], "image/jpeg", LIMITS)


def test_a_header_that_promises_a_flood_of_pixels_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(Unreadable, match="60000 × 60000 pixels; at most 100,000,000"):
        render(png_header(60_000, 60_000), "image/png", LIMITS)
    few = ImageLimits(pixels=900 * 700 - 1, frames=1)
    for content_type in BYTES:
        with pytest.raises(Unreadable, match="900 × 700 pixels"):
            render(BYTES[content_type], content_type, few)


def test_an_animation_with_too_many_frames_is_refused() -> None:
    with pytest.raises(Unreadable, match="10,000 frames; at most 1,000"):
        render(animation(10_000, side=2), "image/gif", LIMITS)


# ------------------------------------------------------------------ sniffing, and the child process


def test_the_first_bytes_show_the_content_type() -> None:
    for content_type, original in BYTES.items():
        assert sniff(original[:SNIFFED_BYTES]) == content_type
        assert content_type in ACCEPTED


@pytest.mark.parametrize(
    ("major", "compatible", "content_type"),
    [
        (b"heic", b"mif1heic", "image/heic"),
        (b"mif1", b"mif1heic", "image/heic"),
        (b"mif1", b"mif1avif", "image/avif"),
        (b"mif1", b"mif1miaf", "image/heif"),
        (b"avis", b"msf1iso8", "image/avif"),
        (b"mp42", b"isommp41", None),
    ],
)
def test_the_brands_of_a_container_tell_heic_from_avif(
    major: bytes, compatible: bytes, content_type: str | None
) -> None:
    assert sniff(struct.pack(">I", 16 + len(compatible)) + b"ftyp" + major + bytes(4) + compatible) == content_type


async def test_a_child_process_renders_and_refuses() -> None:
    rendered = await to_process.run_sync(render, BYTES["image/jpeg"], "image/jpeg", LIMITS)
    assert (rendered.width, rendered.height) == PICTURE.size
    with pytest.raises(Unreadable, match="not a picture"):
        await to_process.run_sync(render, b"<html>", "image/jpeg", LIMITS)
    assert str(pickle.loads(pickle.dumps(Unreadable("Why.")))) == "Why."


def test_importing_the_module_loads_no_decoder() -> None:
    check = "import services.imaging, sys; assert not {'pyvips', 'PIL', 'pillow_heif', 'blurhash'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
