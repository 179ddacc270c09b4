"""Global ids: each has one form, and leads back to what it was made of."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from rules.node_ids import NodeId, decode, encode, encoder, id_of

names = st.sampled_from(["User", "Viewer", "Post", "Media", "Hashtag", "Session"])
ids = st.integers(0, 2**63 - 1)


@given(names, ids)
def test_an_id_leads_back_to_what_it_was_made_of(name: str, id_: int) -> None:
    assert decode(encode(name, id_)) == NodeId(name, id_)
    assert id_of(name, encode(name, id_)) == id_


@given(names, ids)
def test_the_ids_of_rows_are_no_others(name: str, id_: int) -> None:
    assert encoder(name)(NodeId(name, id_)) == encode(name, id_)


@given(names, names, ids)
def test_an_id_is_of_one_type(name: str, other: str, id_: int) -> None:
    assert id_of(other, encode(name, id_)) == (id_ if other == name else None)


@given(names, st.integers(max_value=-1) | st.integers(min_value=2**63))
def test_a_number_that_no_row_can_have_is_no_id(name: str, number: int) -> None:
    assert decode(encode(name, number)) is None


@given(st.text(st.characters()) | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_any_text_is_an_id_in_one_form_or_none(text: str) -> None:
    found = decode(text)
    assert found is None or encode(*found) == text


@given(names, ids, st.sampled_from(["{}:0{}", "{}: {}", "{}:+{}", "{}:{}_0", "{}:{}.0", "{}:{}:", "{} :{}x", "{}{}"]))
def test_another_spelling_of_an_id_is_none(name: str, id_: int, spelling: str) -> None:
    raw = spelling.format(name, id_).encode()
    assert id_of(name, base64.urlsafe_b64encode(raw).rstrip(b"=").decode()) is None


@given(names, ids, st.sampled_from(["=", "==", " ", "\n", "A", "\0", "\ud800"]))
def test_an_id_with_something_to_it_is_none(name: str, id_: int, more: str) -> None:
    assert decode(encode(name, id_) + more) is None
    assert decode(more + encode(name, id_)) is None
