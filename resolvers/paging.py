"""Pages of connections: which ids, then their rows as far as the viewer may see them, refilled while that is short."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from execution.loader import Loader
from loaders.pages import PageLoader
from loaders.scope import Scope
from resolvers.context import Context
from rules.errors import BadRequest
from stores.postgres.pages import TOP, Below
from stores.rows import Entry

T = TypeVar("T")
ROUNDS = 5
"""How often a page that rules have thinned is refilled, each time from twice as many ids."""

Skeleton = Callable[[int, int], Awaitable[Sequence[Entry]]]
"""(below, most) -> at most so many entries strictly below a position, highest first; fewer only at the list's end."""


class PageEdge(NamedTuple, Generic[T]):
    cursor: str
    node: T


class PageInfo(NamedTuple):
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Page(NamedTuple, Generic[T]):
    edges: list[PageEdge[T]]
    page_info: PageInfo


async def listed(
    context: Context,
    kind: type[PageLoader],
    owner_id: int,
    rows: type[Loader[Scope, int, T | None]],
    *,
    first: int | None,
    after: str | None,
) -> Page[T]:
    """A page of the list that `kind` gives for its owner."""

    async def skeleton(below: int, most: int) -> Sequence[Entry]:
        return await context.loaders[kind].load(Below(owner_id, below, most))

    return await filled(context, f"{kind.__name__}:{owner_id}", skeleton, rows, first=first, after=after)


async def filled(
    context: Context,
    list_name: str,
    skeleton: Skeleton,
    rows: type[Loader[Scope, int, T | None]],
    *,
    first: int | None,
    after: str | None,
) -> Page[T]:
    """The page of `first` rows after a cursor; `hasNextPage` is false exactly when the viewer may see no more."""
    wanted, below = asked_for(context, list_name, first, after)
    seen: list[tuple[int, T]] = []
    asked = wanted + 1
    for _ in range(ROUNDS):
        entries = await skeleton(below, asked)
        found = await context.loaders[rows].load_many(entry.id for entry in entries)
        seen += [(entry.position, row) for entry, row in zip(entries, found, strict=True) if row is not None]
        exhausted = len(entries) < asked
        if exhausted or len(seen) > wanted:
            break
        below, asked = entries[-1].position, asked * 2
    has_next = len(seen) > wanted or not exhausted
    scanned = entries[-1].position if has_next and len(seen) <= wanted else None
    return page_of(context, list_name, seen[:wanted], has_next=has_next, after=after, scanned=scanned)


def page_of(
    context: Context,
    list_name: str,
    rows: Sequence[tuple[int, T]],
    *,
    has_next: bool,
    after: str | None,
    scanned: int | None = None,
) -> Page[T]:
    """A page of rows with their positions. `scanned`: how far the list was looked at, where that is beyond the rows."""
    edges = [PageEdge(context.cursors.encode(list_name, position), row) for position, row in rows]
    end_cursor = edges[-1].cursor if edges else None
    if scanned is not None:
        end_cursor = context.cursors.encode(list_name, scanned)
    return Page(edges, PageInfo(has_next, after is not None, edges[0].cursor if edges else None, end_cursor))


def asked_for(context: Context, list_name: str, first: int | None, after: str | None) -> tuple[int, int]:
    """How many, and below which position; `BadRequest` for a `first` out of range or a cursor of another list."""
    settings = context.deps.settings
    wanted = page_size(first, default=settings.page_default, most=settings.page_limit)
    return wanted, TOP if after is None else context.cursors.decode(list_name, after)


def page_size(first: int | None, *, default: int, most: int) -> int:
    if first is None:
        return default
    if not 1 <= first <= most:
        raise BadRequest(f"`first` is 1 to {most}.")
    return first
