"""What may stand in a text, and what is a hashtag or a mention in it: for any text whatever."""

import unicodedata
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.errors import Invalid, TooLong, TooShort
from rules.text import HASHTAG_CHARACTERS, hashtag_name, hashtags_in, is_storable, mentions_in, text_fault

anything = st.text(st.characters())
wordy = st.text(st.sampled_from("abÉé_09#@.,-& \nİıßΣς海हिन्दี\u0301\u200d🌅ＡÅ"), max_size=60)
names = st.from_regex(r"[a-z0-9_]{1,9}(\.[a-z0-9_]{1,9}){0,2}", fullmatch=True)


@given(anything)
@example("\0")
@example("\ud800")
@example("\udfff")
@example("\U0010ffff")
def test_a_text_is_storable_exactly_if_postgres_and_utf_8_can_have_it(text: str) -> None:
    try:
        stored = text.encode()
    except UnicodeEncodeError:
        stored = b"\0"
    assert is_storable(text) == (b"\0" not in stored)


@given(anything, st.integers(0, 10), st.integers(0, 3))
def test_a_text_has_a_fault_exactly_if_it_cannot_be_stored_or_is_too_long_or_too_short(
    text: str, most: int, least: int
) -> None:
    fault = text_fault(text, "it", most=most, least=least)
    if not is_storable(text):
        assert isinstance(fault, Invalid)
    elif len(text) > most:
        assert isinstance(fault, TooLong)
    elif len(text.strip()) < least:
        assert isinstance(fault, TooShort)
    else:
        assert fault is None
    assert fault is None or fault.field == ["it"]


@given(anything | wordy)
@example("İstanbul")
@example("ǰ")
@example("Å")
def test_a_hashtag_is_kept_in_one_form(word: str) -> None:
    name = hashtag_name(word)
    if name is not None:
        assert hashtag_name(name) == hashtag_name(f"#{name}") == hashtag_name(f" {name}\n") == name
        assert unicodedata.is_normalized("NFC", name)
        assert name == name.lower()
        assert 1 <= len(name) <= HASHTAG_CHARACTERS
        assert any(character.isalpha() for character in name)
        assert is_storable(name)


@given(wordy)
def test_a_hashtag_is_the_same_however_its_marks_are_encoded(word: str) -> None:
    assert hashtag_name(unicodedata.normalize("NFD", word)) == hashtag_name(unicodedata.normalize("NFC", word))


@given(anything | wordy)
def test_what_is_found_in_a_text_are_different_hashtags(text: str) -> None:
    found = hashtags_in(text)
    assert len(set(found)) == len(found)
    assert [hashtag_name(name) for name in found] == found


@given(st.lists(st.from_regex(r"[ab09_Éßह]{0,9}[aह海]ि?", fullmatch=True).map(str.lower), max_size=5))
def test_hashtags_that_were_written_are_found_again_in_order(written: list[str]) -> None:
    text = ", ".join(f"#{name}" for name in written) + "."
    assert hashtags_in(text) == list(dict.fromkeys(map(hashtag_name, written)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#one#two", ["one"]),
        ("##one", []),
        ("a#one /#two &#38; &#x27;", []),
        ("(#one) '#two' #three,#four", ["one", "two", "three", "four"]),
        ("#2026 #_ #1_2 #a1", ["a1"]),
        ("# #\n#-", []),
        ("#ONE #One #one", ["one"]),
        ("#a-b #c.d #e/f", ["a", "c", "e"]),
        ("#x\u200dy", ["x"]),
        ("#️⃣ #🌅", []),
        ("#" + "x" * 100 + " #" + "y" * 101, ["x" * 100]),
        ("https://photofeed.test/page#part", []),
    ],
)
def test_a_hashtag_is_a_word_behind_a_hash(text: str, names: list[str]) -> None:
    assert hashtags_in(text) == names


@given(st.lists(names, max_size=5))
def test_mentions_that_were_written_are_found_again_in_order(written: list[str]) -> None:
    text = ", ".join(f"@{name.upper()}" for name in written) + "."
    assert mentions_in(text) == list(dict.fromkeys(written))


@given(anything | wordy)
def test_mentions_are_different_names_in_ascii(text: str) -> None:
    found = mentions_in(text)
    assert len(set(found)) == len(found)
    assert all(name.isascii() and name == name.lower() and "@" not in name for name in found)


@pytest.mark.parametrize("text", ["@a" * 1_100, "@" * 2_200, "@a." * 700, "#" * 2_200, "#a" * 1_100, "# " * 1_100])
def test_no_caption_takes_long_to_read(text: str) -> None:
    began = process_time()
    hashtags_in(text)
    mentions_in(text)
    assert process_time() - began < 0.1
