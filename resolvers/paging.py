"""Pages of connections: which ids, then their rows as far as the viewer may see them, refilled while that is short."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from execution.loader import Loader
from loaders.pages import PageLoader
from loaders.scope import Scope
from resolvers.context import Context, Info
from rules.errors import BadRequest
from stores.postgres.pages import TOP, Below

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
ROUNDS = 5
"""How often a page that rules have thinned is refilled, each time from twice as many ids."""


class Part(NamedTuple, Generic[K]):
    """Positions and keys of a list, the highest first: all that stand in it at and above `low` (0: all there are)."""

    entries: Sequence[tuple[int, K]]
    low: int


PartsBelow = Callable[[Sequence[tuple[int, int]], int], Awaitable[list[Part[K]]]]
"""(numbers of lists with positions, most) -> of each its part strictly below, with about so many entries."""


@dataclass(slots=True)
class Walk(Generic[T]):
    """How far a list has been looked at: `seen`, rows with their positions; all of it down to `low`."""

    low: int
    seen: list[tuple[int, T]] = field(default_factory=list)


class Seen(NamedTuple, Generic[T]):
    """Rows with their positions. `scanned`: how far the list was looked at, where that is beyond the rows."""

    rows: list[tuple[int, T]]
    has_next: bool
    scanned: int | None


class At(NamedTuple):
    """A place in a list, of which a cursor is made for who asks for it."""

    list_name: str
    position: int


class PageEdge(NamedTuple, Generic[T]):
    at: At
    node: T


class PageInfo(NamedTuple):
    has_next_page: bool
    has_previous_page: bool
    start: At | None
    end: At | None


class Page(NamedTuple, Generic[T]):
    edges: list[PageEdge[T]]
    page_info: PageInfo


class LivePage(NamedTuple, Generic[T]):
    """A page of a list that can be followed live; `upto`: all that it takes into account."""

    edges: list[PageEdge[T]]
    page_info: PageInfo
    upto: At


P = TypeVar("P")
Pages = list[P | Exception]
"""A page for each of some lists, or why there is none."""


class Listed(NamedTuple):
    """The list of an owner, of which nothing above `upto` is shown."""

    owner_id: int
    upto: int = TOP


async def listed(
    context: Context,
    kind: type[PageLoader],
    lists: Sequence[Listed],
    rows: type[Loader[Scope, int, T | None]],
    *,
    first: int | None,
    after: str | None,
) -> Pages[Page[T]]:
    """A page of each of these lists that `kind` gives: `first` rows after a cursor, which is of one of them.

    `hasNextPage` is false exactly when the viewer may see no more.
    """
    wanted = size(context, first)
    names = [name_of(kind, one.owner_id) for one in lists]
    pages: list[Any] = [_below(context, name, after) for name in names]  # positions, and why there is none
    fit = [at for at, position in enumerate(pages) if isinstance(position, int)]

    async def parts(walks: Sequence[tuple[int, int]], most: int) -> list[Part[int]]:
        asked = [(lists[fit[number]], low) for number, low in walks]
        below = (Below(one.owner_id, min(low, one.upto + 1), most) for one, low in asked)
        found = await context.loaders[kind].load_many(below)
        return [
            Part([(each.position, each.id) for each in entries], entries[-1].position if len(entries) == most else 0)
            for entries in found
        ]

    seen = await refilled(context, parts, rows, wanted=wanted, below=[pages[at] for at in fit])
    for at, one in zip(fit, seen, strict=True):
        pages[at] = page_of(names[at], one, after=after)
    return pages


def name_of(kind: type[PageLoader], owner_id: int) -> str:
    """Of an owner's list of this kind, in cursors."""
    return f"{kind.__name__}:{owner_id}"


async def refilled(
    context: Context,
    parts: PartsBelow[K],
    rows: type[Loader[Scope, K, T | None]],
    *,
    wanted: int,
    below: Sequence[int],
) -> list[Seen[T]]:
    """The next rows of some lists that the viewer may see, from as many parts as that takes, within a bound."""
    walks: list[Walk[T]] = [Walk(position) for position in below]
    going, asked = list(range(len(walks))), wanted + 1
    for _ in range(ROUNDS):
        if not going:
            break
        found = await parts([(number, walks[number].low) for number in going], asked)
        keys = [key for part in found for _, key in part.entries]
        shown = iter(await context.loaders[rows].load_many(keys))
        for number, part in zip(going, found, strict=True):
            of_part = zip(part.entries, islice(shown, len(part.entries)), strict=True)
            walks[number].seen += [(position, row) for (position, _), row in of_part if row is not None]
            walks[number].low = part.low
        going = [number for number in going if walks[number].low > 0 and len(walks[number].seen) <= wanted]
        asked *= 2
    return [_seen(walk, wanted) for walk in walks]


def page_of(list_name: str, seen: Seen[T], *, after: str | None) -> Page[T]:
    edges = [PageEdge(At(list_name, position), row) for position, row in seen.rows]
    end = edges[-1].at if edges else None
    if seen.scanned is not None:
        end = At(list_name, seen.scanned)
    return Page(edges, PageInfo(seen.has_next, after is not None, edges[0].at if edges else None, end))


def size(context: Context, first: int | None) -> int:
    """Of a page; `BadRequest` for a `first` out of range."""
    settings = context.deps.settings
    if first is None:
        return settings.page_default
    if not 1 <= first <= settings.page_limit:
        raise BadRequest(f"`first` is 1 to {settings.page_limit}.")
    return first


def edge_cursors(roots: Sequence[PageEdge[T]], info: Info) -> list[str]:
    encode = info.context.cursors.encode
    return [encode(*edge.at) for edge in roots]


def start_cursor(root: PageInfo, info: Info) -> str | None:
    return root.start and info.context.cursors.encode(*root.start)


def end_cursor(root: PageInfo, info: Info) -> str | None:
    return root.end and info.context.cursors.encode(*root.end)


def live_cursor(root: LivePage[T], info: Info) -> str:
    return info.context.cursors.encode(*root.upto)


def _below(context: Context, list_name: str, after: str | None) -> int | BadRequest:
    """The position of a cursor of this list, or why it has none."""
    if after is None:
        return TOP
    try:
        return context.cursors.decode(list_name, after)
    except BadRequest as refusal:
        return refusal


def _seen(walk: Walk[T], wanted: int) -> Seen[T]:
    is_short = walk.low > 0 and len(walk.seen) <= wanted
    return Seen(walk.seen[:wanted], len(walk.seen) > wanted or walk.low > 0, walk.low if is_short else None)
