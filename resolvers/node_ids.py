"""Global ids: the name of a type and the id of a row, opaque outside."""

import base64
from typing import NamedTuple

MOST = 2**63 - 1


class NodeId(NamedTuple):
    type_name: str
    id: int


def encode(type_name: str, id_: int) -> str:
    return base64.urlsafe_b64encode(f"{type_name}:{id_}".encode()).rstrip(b"=").decode()


def decode(node_id: str) -> NodeId | None:
    """None for what is not a global id."""
    try:
        type_name, id_ = base64.urlsafe_b64decode(node_id + "==").decode("ascii").split(":")
        found = NodeId(type_name, int(id_))
    except ValueError:
        return None
    return found if node_id == encode(*found) and 0 <= found.id <= MOST else None


def id_of(type_name: str, node_id: str) -> int | None:
    """The row's id; None for what is malformed or of another type, which is as good as not found."""
    found = decode(node_id)
    return found.id if found is not None and found.type_name == type_name else None
