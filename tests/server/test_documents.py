"""Valid documents are remembered, a bounded number of them; invalid and long ones are not."""

import gc

import pytest
from graphql import DocumentNode

from server import documents as module
from server.documents import DocumentLimits, Documents
from server.limits import Cost
from server.operations import InvalidDocument
from tests.server.toy import schema


def documents(kept: int) -> Documents:
    return Documents(schema, DocumentLimits(1_000, Cost(20, 50, 50), kept), introspection=True)


def test_the_same_text_is_parsed_once() -> None:
    remembering = documents(kept=2)
    assert remembering.operation("{ hello }", None) is remembering.operation("{ hello }", None)


def test_the_document_that_was_asked_for_longest_ago_is_forgotten_first() -> None:
    remembering = documents(kept=2)
    first, second = remembering.operation("{ hello }", None), remembering.operation("{ broken }", None)
    assert remembering.operation("{ hello }", None) is first
    remembering.operation("{ unavailable }", None)
    assert remembering.operation("{ hello }", None) is first
    assert remembering.operation("{ broken }", None) is not second


def test_an_invalid_document_is_invalid_each_time_and_pushes_none_out() -> None:
    remembering = documents(kept=1)
    valid = remembering.operation("{ hello }", None)
    for text in ("{ nobody }", "{ nobody }", "{"):
        with pytest.raises(InvalidDocument):
            remembering.operation(text, None)
    assert remembering.operation("{ hello }", None) is valid


def test_a_long_document_is_not_remembered() -> None:
    remembering = documents(kept=1)
    text = "{ hello } #" + "-" * 16_384
    assert remembering.operation(text, None) is not remembering.operation(text, None)


async def test_what_documents_leave_behind_is_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the garbage collector never looks by itself."""
    monkeypatch.setattr(module, "JUDGED_MOST", 10)
    remembering = documents(kept=5)
    gc.collect()
    gc.disable()
    others = parsed_documents()
    try:
        for number in range(100):
            await remembering.operation(f"query Named{number} {{ hello }}", None).prepared.execute({}, None)
            with pytest.raises(InvalidDocument):
                remembering.operation(f"{{ nothing{number} }}", None)
        assert parsed_documents() - others <= 5 + 10
    finally:
        gc.enable()


def parsed_documents() -> int:
    """How many of them are held in memory, by whomever."""
    return sum(isinstance(each, DocumentNode) for each in gc.get_objects())
