"""Pages of lists, as Relay has them."""

from typing import Generic, TypeVar

import strawberry

from execution.levels import together
from resolvers import paging
from schema.resolved import resolved

T = TypeVar("T")
LIVE_CURSOR = "Give it to the subscription to go on from this very answer."


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None = resolved(paging.start_cursor)
    end_cursor: str | None = resolved(paging.end_cursor)


@strawberry.type
class Edge(Generic[T]):
    cursor: str = together(paging.edge_cursors)
    node: T


@strawberry.type
class Connection(Generic[T]):
    page_info: PageInfo
    edges: list[Edge[T]]
