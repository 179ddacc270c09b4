"""Cursors: a place in one list, which nobody can make up."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.cursors import Cursors
from rules.errors import BadRequest

CURSORS = Cursors(b"a key of the tests")
positions = st.integers(0, 2**63 - 1)
lists = st.text(st.characters(codec="utf-8"), max_size=50)


@given(lists, positions)
def test_a_cursor_leads_back_to_its_place(name: str, position: int) -> None:
    assert CURSORS.decode(name, CURSORS.encode(name, position)) == position


@given(lists, lists, positions)
def test_a_cursor_is_of_one_list(name: str, other: str, position: int) -> None:
    cursor = CURSORS.encode(name, position)
    if other != name:
        with pytest.raises(BadRequest):
            CURSORS.decode(other, cursor)


@given(lists, positions, st.integers(0, 127))
def test_a_cursor_with_one_bit_changed_is_refused(name: str, position: int, bit: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(CURSORS.encode(name, position) + "=="))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadRequest):
        CURSORS.decode(name, base64.urlsafe_b64encode(raw).rstrip(b"=").decode())


@given(st.text() | st.text("ABCabc019-_=", max_size=30))
def test_a_cursor_that_was_made_up_is_refused(cursor: str) -> None:
    with pytest.raises(BadRequest):
        CURSORS.decode("feed:1", cursor)


@given(positions, st.sampled_from(["", "=", "A", "AA", "\n"]), st.sampled_from(["", " ", "A"]))
def test_a_cursor_is_written_in_one_way_only(position: int, after: str, before: str) -> None:
    cursor = CURSORS.encode("feed:1", position)
    if after or before:
        with pytest.raises(BadRequest):
            CURSORS.decode("feed:1", before + cursor + after)


def test_a_cursor_of_another_key_is_refused() -> None:
    with pytest.raises(BadRequest):
        CURSORS.decode("feed:1", Cursors(b"another key").encode("feed:1", 7))


def test_a_cursor_shows_nothing_but_a_short_text_fit_for_an_address() -> None:
    cursor = CURSORS.encode("feed:1", 2**62)
    assert len(cursor) == 22
    assert cursor.replace("-", "").replace("_", "").isalnum()
