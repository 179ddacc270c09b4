"""Global ids: the name of a type and the id of a row, opaque outside."""

import base64
from collections.abc import Callable
from typing import NamedTuple, Protocol

from rules.base64url import encoded

MOST = 2**63 - 1


class HasId(Protocol):
    @property
    def id(self) -> int: ...


class NodeId(NamedTuple):
    """`day`: where a row stands for several things, one for each day."""

    type_name: str
    id: int
    day: int | None = None


def encode(type_name: str, id_: int, day: int | None = None) -> str:
    named = f"{type_name}:{id_}" if day is None else f"{type_name}:{id_}:{day}"
    return encoded(named.encode())


def encoder(type_name: str) -> Callable[[HasId], str]:
    """What gives the ids of the rows of a type, each in less time."""
    named = f"{type_name}:%d".encode()
    return lambda row: encoded(named % row.id)


def decode(node_id: str) -> NodeId | None:
    """None for what is not a global id."""
    try:
        type_name, id_, *days = base64.urlsafe_b64decode(node_id + "==").decode("ascii").split(":")
        found = NodeId(type_name, int(id_), int(days[0]) if days else None)
    except ValueError:
        return None
    in_range = 0 <= found.id <= MOST and 0 <= (found.day or 0) <= MOST
    return found if node_id == encode(*found) and in_range else None


def id_of(type_name: str, node_id: str) -> int | None:
    """The row's id; None for what is malformed or of another type, which is as good as not found."""
    found = decode(node_id)
    return found.id if found is not None and found[::2] == (type_name, None) else None
