"""What all things with a global id share."""

from typing import Any

import strawberry

from execution.rows import computed
from rules.node_ids import encoder


@strawberry.interface(description="Anything that can be fetched again by its global id.")
class Node:
    id: strawberry.ID


def node_id(type_name: str) -> Any:  # Any, because it stands where the field's type is declared
    """The field `id`: the row's, made global."""
    return computed(encoder(type_name))
