"""What the documents say of the code."""

from pathlib import Path

import settings

OPERATIONS = Path(__file__).parent.parent / "docs" / "operations.md"


def test_operations_lists_every_setting() -> None:
    assert settings.table() in OPERATIONS.read_text()
