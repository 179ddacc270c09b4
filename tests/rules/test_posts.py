"""What a post may be made of, and what state that gives it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Invalid, NotFound, NotReady, TooMany, TooShort
from rules.posts import hashtags_of, media_fault, medium_fault, place_fault, status_of
from rules.text import hashtag_name
from stores.rows import Media, MediaStatus

STATUSES: list[MediaStatus] = ["PENDING", "PROCESSING", "READY", "FAILED"]


def picture(status: MediaStatus = "READY", *, post_id: int | None = None) -> Media:
    return Media(
        id=1,
        owner_id=2,
        post_id=post_id,
        kind="IMAGE",
        status=status,
        failure_reason="It is torn." if status == "FAILED" else None,
        alt_text=None,
        content_type="image/jpeg",
        byte_size=3,
        object_key="1-key",
        width=None,
        height=None,
        blurhash=None,
        is_guarded=False,
    )


@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=10))
def test_a_post_is_as_good_as_its_worst_picture(statuses: list[MediaStatus]) -> None:
    status = status_of([picture(status) for status in statuses])
    if "FAILED" in statuses:
        assert status == "FAILED"
    else:
        assert status == ("PUBLISHED" if set(statuses) == {"READY"} else "PROCESSING")


def test_a_post_without_pictures_is_not_published() -> None:
    assert status_of([]) == "PROCESSING"


@given(st.lists(st.integers(1, 12), max_size=12))
def test_a_post_has_1_to_10_different_pictures(asked: list[int]) -> None:
    fault = media_fault(asked, most=10)
    if not asked:
        assert isinstance(fault, TooShort)
    elif len(asked) > 10:
        assert isinstance(fault, TooMany)
    else:
        assert (fault is None) == (len(set(asked)) == len(asked))


@pytest.mark.parametrize(
    ("media", "published", "kind"),
    [
        (None, False, NotFound),
        (picture(), True, type(None)),
        (picture(post_id=9), True, type(None)),
        (picture(post_id=8), False, Invalid),
        (picture("PROCESSING"), False, type(None)),
        (picture("PROCESSING"), True, NotReady),
        (picture("PENDING"), False, NotReady),
        (picture("FAILED"), False, Invalid),
        (picture("FAILED", post_id=9), False, Invalid),
    ],
)
def test_a_picture_is_taken_if_it_is_whole_and_in_no_other_post(
    media: Media | None, published: bool, kind: type
) -> None:
    assert type(medium_fault(media, post_id=9, published=published)) is kind


def test_a_picture_that_failed_says_why() -> None:
    assert str(medium_fault(picture("FAILED"), post_id=9, published=False)) == "It is torn."


@given(st.text("ab #é", max_size=30), st.lists(st.text("abcé", min_size=1, max_size=3), max_size=4))
def test_hashtags_are_those_of_the_caption_and_then_the_others(caption: str, tags: list[str]) -> None:
    found = hashtags_of(caption, tags)
    assert len(set(found)) == len(found)
    assert set(found) >= {hashtag_name(tag) for tag in tags}
    assert found[: len(hashtags_of(caption, []))] == hashtags_of(caption, [])


@given(st.floats() | st.none(), st.floats() | st.none())
def test_a_place_is_on_earth_or_nowhere(latitude: float | None, longitude: float | None) -> None:
    fault = place_fault("Porto", latitude, longitude, most=100)
    nowhere = latitude is None and longitude is None
    on_earth = latitude is not None and longitude is not None and -90 <= latitude <= 90 and -180 <= longitude <= 180
    assert (fault is None) == (nowhere or on_earth)
