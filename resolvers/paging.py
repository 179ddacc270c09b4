"""Pages of connections: which ids, then their rows as far as the viewer may see them, refilled while that is short."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

from execution.loader import Loader
from loaders.pages import PageLoader
from loaders.scope import Scope
from resolvers.context import Context
from rules.errors import BadRequest
from stores.postgres.pages import TOP, Below
from stores.rows import Entry

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
ROUNDS = 5
"""How often a page that rules have thinned is refilled, each time from twice as many ids."""

Skeleton = Callable[[int, int], Awaitable[Sequence[Entry]]]
"""(below, most) -> at most so many entries strictly below a position, highest first; fewer only at the list's end."""


class Part(NamedTuple, Generic[K]):
    """Positions and keys of a list, the highest first: all that stand in it at and above `low` (0: all there are)."""

    entries: Sequence[tuple[int, K]]
    low: int


PartBelow = Callable[[int, int], Awaitable[Part[K]]]
"""(below, most) -> the part strictly below a position, with about so many entries."""


class Seen(NamedTuple, Generic[T]):
    """Rows with their positions. `scanned`: how far the list was looked at, where that is beyond the rows."""

    rows: list[tuple[int, T]]
    has_next: bool
    scanned: int | None


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


class LivePage(NamedTuple, Generic[T]):
    """A page of a list that can be followed live; `live_cursor`: of all that it takes into account."""

    edges: list[PageEdge[T]]
    page_info: PageInfo
    live_cursor: str


async def listed(
    context: Context,
    kind: type[PageLoader],
    owner_id: int,
    rows: type[Loader[Scope, int, T | None]],
    *,
    first: int | None,
    after: str | None,
    upto: int = TOP,
) -> Page[T]:
    """A page of the list that `kind` gives for its owner, of which nothing above `upto` is shown."""

    async def skeleton(below: int, most: int) -> Sequence[Entry]:
        return await context.loaders[kind].load(Below(owner_id, min(below, upto + 1), most))

    return await filled(context, name_of(kind, owner_id), skeleton, rows, first=first, after=after)


def name_of(kind: type[PageLoader], owner_id: int) -> str:
    """Of an owner's list of this kind, in cursors."""
    return f"{kind.__name__}:{owner_id}"


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

    async def part(below: int, most: int) -> Part[int]:
        entries = await skeleton(below, most)
        return Part(
            [(entry.position, entry.id) for entry in entries], entries[-1].position if len(entries) == most else 0
        )

    seen = await refilled(context, part, rows, wanted=wanted, below=below)
    return page_of(context, list_name, seen.rows, has_next=seen.has_next, after=after, scanned=seen.scanned)


async def refilled(
    context: Context, part: PartBelow[K], rows: type[Loader[Scope, K, T | None]], *, wanted: int, below: int
) -> Seen[T]:
    """The next rows that the viewer may see, from as many parts of the list as that takes, within a bound."""
    seen: list[tuple[int, T]] = []
    asked, low = wanted + 1, below
    for _ in range(ROUNDS):
        entries, low = await part(low, asked)
        found = await context.loaders[rows].load_many(key for _, key in entries)
        seen += [(position, row) for (position, _), row in zip(entries, found, strict=True) if row is not None]
        if low == 0 or len(seen) > wanted:
            break
        asked *= 2
    return Seen(seen[:wanted], len(seen) > wanted or low > 0, low if low > 0 and len(seen) <= wanted else None)


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
