"""Valid documents are remembered, a bounded number of them; invalid and long ones are not."""

import pytest

from server.documents import DocumentLimits, Documents, InvalidDocument
from server.limits import Cost
from tests.server.toy import schema


def documents(kept: int) -> Documents:
    return Documents(schema._schema, DocumentLimits(1_000, Cost(20, 50, 50), kept), introspection=True)


def test_the_same_text_is_parsed_once() -> None:
    remembering = documents(kept=2)
    assert remembering.get("{ hello }") is remembering.get("{ hello }")


def test_the_document_that_was_asked_for_longest_ago_is_forgotten_first() -> None:
    remembering = documents(kept=2)
    first, second = remembering.get("{ hello }"), remembering.get("{ broken }")
    assert remembering.get("{ hello }") is first
    remembering.get("{ unavailable }")
    assert remembering.get("{ hello }") is first
    assert remembering.get("{ broken }") is not second


def test_an_invalid_document_is_invalid_each_time_and_pushes_none_out() -> None:
    remembering = documents(kept=1)
    valid = remembering.get("{ hello }")
    for text in ("{ nobody }", "{ nobody }", "{"):
        with pytest.raises(InvalidDocument):
            remembering.get(text)
    assert remembering.get("{ hello }") is valid


def test_a_long_document_is_not_remembered() -> None:
    remembering = documents(kept=1)
    text = "{ hello } #" + "-" * 16_384
    assert remembering.get(text) is not remembering.get(text)
