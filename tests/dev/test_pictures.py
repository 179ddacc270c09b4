"""The demo's pictures and people: the same for a seed, fit to be posted, and different from one another."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageStat

from dev.pictures import SCENES, Picture, people, picture
from services.imaging import ImageLimits, render
from settings import Settings

SIZES = {(1080, 1350), (1080, 1080), (1080, 608)}
CAPTION_CHARACTERS: int = Settings.model_fields["caption_characters"].default
ALT_TEXT_CHARACTERS: int = Settings.model_fields["alt_text_characters"].default
BIO_CHARACTERS: int = Settings.model_fields["bio_characters"].default


@pytest.fixture(scope="module")
def one_of_each() -> list[Picture]:
    return [picture(seed) for seed in range(len(SCENES))]


def test_every_kind_of_scene_is_a_jpeg_of_the_size_it_says(one_of_each: list[Picture]) -> None:
    for made in one_of_each:
        image = Image.open(io.BytesIO(made.jpeg))
        image.load()
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (made.width, made.height))
        assert image.size in SIZES
        assert len(made.jpeg) < 1_000_000


def test_no_scene_is_nearly_one_colour(one_of_each: list[Picture]) -> None:
    for made in one_of_each:
        assert sum(ImageStat.Stat(Image.open(io.BytesIO(made.jpeg))).stddev) > 40, made.caption


def test_every_picture_has_words(one_of_each: list[Picture]) -> None:
    for made in one_of_each:
        assert re.fullmatch(r"[^#]+( #\w+){2}", made.caption)
        assert len(made.caption) <= CAPTION_CHARACTERS
        assert 20 < len(made.alt_text) <= ALT_TEXT_CHARACTERS
    assert len({made.caption for made in one_of_each}) == len(one_of_each)


def test_a_seed_always_gives_the_same_picture(one_of_each: list[Picture]) -> None:
    assert picture(1) == one_of_each[1]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(picture, range(8))) == one_of_each[:8]


def test_pictures_of_one_kind_differ_in_palette_words_and_pixels() -> None:
    first, second, third = (picture(seed) for seed in (9, 9 + len(SCENES), 9 + 2 * len(SCENES)))
    assert len({first.jpeg, second.jpeg, third.jpeg}) == 3
    assert len({first.caption, second.caption, third.caption}) == 3


def test_a_picture_can_be_made_after_and_before_one_is_rendered() -> None:
    """Rendering closes the decoders of strangers' files that drawing needs for its own."""
    made = picture(0)
    rendered = render(made.jpeg, "image/jpeg", ImageLimits(pixels=10_000_000, frames=1))
    assert (rendered.width, rendered.height) == (made.width, made.height)
    assert picture(0) == made


def test_ana_comes_first_and_nobody_comes_twice() -> None:
    crowd = people(100, seed=1)
    assert crowd[0].username == "ana"
    assert len({person.username for person in crowd}) == 100
    for person in crowd:
        assert re.fullmatch(r"[a-z0-9._]{3,30}", person.username)
        assert person.display_name
        assert person.display_name.isprintable()
        assert 0 < len(person.bio) <= BIO_CHARACTERS


def test_a_seed_always_gives_the_same_people() -> None:
    assert people(24, seed=1) == people(24, seed=1) != people(24, seed=2)
    assert people(5, seed=1) == people(24, seed=1)[:5]
    assert [person.username for person in people(1, seed=3)] == ["ana"]
