"""Pages of lists, as Relay has them."""

from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")
LIVE_CURSOR = "Give it to the subscription to go on from this very answer."


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type
class Connection(Generic[T]):
    page_info: PageInfo
    edges: list[Edge[T]]
