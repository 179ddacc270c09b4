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
    settings = context.deps.settings
    wanted = page_size(first, default=settings.page_default, most=settings.page_limit)
    below = TOP if after is None else context.cursors.decode(list_name, after)
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
    has_next_page = len(seen) > wanted or not exhausted
    places = [position for position, _ in seen[:wanted]]
    cursors = [context.cursors.encode(list_name, place) for place in places]
    if has_next_page and len(seen) <= wanted:  # the bound was met: go on below what was looked at
        end_cursor: str | None = context.cursors.encode(list_name, entries[-1].position)
    else:
        end_cursor = cursors[-1] if cursors else None
    return Page(
        [PageEdge(cursor, row) for cursor, (_, row) in zip(cursors, seen, strict=False)],
        PageInfo(has_next_page, after is not None, cursors[0] if cursors else None, end_cursor),
    )


def page_size(first: int | None, *, default: int, most: int) -> int:
    if first is None:
        return default
    if not 1 <= first <= most:
        raise BadRequest(f"`first` is 1 to {most}.")
    return first
