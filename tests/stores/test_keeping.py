"""What a process remembers of what it has read."""

import pytest

from stores.postgres.keeping import KeptRows


def read(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize("most", [0, 1, 100])
def test_a_text_says_the_same_whether_it_is_remembered_or_not(most: int) -> None:
    remembering = KeptRows(most).remembering(read)
    assert [remembering(text) for text in ("a b", "c", "a b", "a b")] == [["a", "b"], ["c"], ["a", "b"], ["a", "b"]]


def test_as_many_texts_are_remembered_as_rows_and_none_after_a_connection_is_lost() -> None:
    kept = KeptRows(2)
    first = kept.remembering(read)("a")
    assert kept.remembering(read)("a") is first
    for text in ("b", "c"):
        kept.remembering(read)(text)
    assert kept.remembering(read)("a") is not first
    latest = kept.remembering(read)("c")
    kept.forget()
    assert kept.remembering(read)("c") is not latest
