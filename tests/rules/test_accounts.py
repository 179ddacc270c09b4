"""Names, addresses and passwords, for any text whatever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.accounts import email_fault, is_username, kept_email, kept_username, password_fault, skeleton, username_fault
from rules.errors import Invalid, TooLong, TooShort

anything = st.text(st.characters())
nearly = st.text("abzABZ059_. İſKаe\u0301-@", max_size=32)
usernames = st.from_regex(r"[A-Za-z0-9_]{1,9}(\.[A-Za-z0-9_]{1,9}){1,2}", fullmatch=True)


@given(anything | nearly)
def test_a_username_is_3_to_30_of_few_characters(text: str) -> None:
    kept = kept_username(text)
    few = set(kept) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.") and text.isascii()
    dots = kept.startswith(".") or kept.endswith(".") or ".." in kept
    assert is_username(text) == (few and 3 <= len(kept) <= 30 and not dots)
    assert (username_fault(text, "username") is None) == is_username(text)


@given(usernames)
def test_a_kept_username_is_one_and_keeps(text: str) -> None:
    kept = kept_username(text)
    assert is_username(kept)
    assert kept_username(kept) == kept


@given(usernames)
def test_names_that_differ_in_letters_dots_and_lines_look_alike(text: str) -> None:
    kept = kept_username(text)
    for other in (kept.replace(".", ""), kept.replace("_", ""), kept.replace("o", "0"), kept.replace("l", "1")):
        assert skeleton(other) == skeleton(kept)


@given(anything | st.emails() | st.text("ab@.-\0\ud800 İ", max_size=20))
def test_an_address_has_a_fault_or_a_form_in_which_it_is_compared(text: str) -> None:
    fault = email_fault(text, "email")
    if fault is None:
        kept = kept_email(text)
        assert email_fault(kept, "email") is None or not text.isascii()
        assert "\0" not in kept
        assert kept.encode()
        assert kept == kept.lower()
    else:
        assert (type(fault), fault.field) == (Invalid, ["email"])


@given(st.text(st.characters(codec="utf-8"), min_size=8, max_size=60))
def test_a_password_may_be_any_text_that_can_be_typed(password: str) -> None:
    fault = password_fault(password, "password", min_characters=8, max_bytes=240)
    assert (fault is None) == ("\0" not in password)


@pytest.mark.parametrize(
    ("password", "kind"),
    [
        ("x" * 7, TooShort),
        ("x" * 8, type(None)),
        ("x" * 100, type(None)),
        ("x" * 101, TooLong),
        ("é" * 50, type(None)),
        ("é" * 51, TooLong),
        ("x" * 10 + "\0", Invalid),
        ("x" * 10 + "\ud800", Invalid),
    ],
)
def test_a_password_is_judged_by_characters_and_bytes(password: str, kind: type) -> None:
    assert type(password_fault(password, "password", min_characters=8, max_bytes=100)) is kind
