"""Whether all answer the same: ids and URLs by what they stand for, times as instants, cursors only by their use."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bench.feed.asking import Asking
from bench.feed.contestants import Contestant
from bench.feed.loading import peer_id
from bench.feed.ours import Viewer
from rules import node_ids

VIEWERS = 50
CURSORS = {"cursor", "endCursor"}


class Different(Exception):
    """Two servers gave one viewer different pages."""


def check(contestants: Sequence[Contestant], viewers: Sequence[Viewer]) -> int:
    """How many feeds, of two pages each, all of them answered alike. Raises Different at the first that is not."""
    asked, compared = viewers[:VIEWERS], [each for each in contestants if not each.is_constant]
    first, *others = ([two_pages(contestant, viewer) for viewer in asked] for contestant in compared)
    for contestant, pages in zip(compared[1:], others, strict=True):
        for viewer, expected, page in zip(asked, first, pages, strict=True):
            if expected != page:
                raise Different(_told(compared[0], contestant, viewer, expected, page))
    return len(asked)


def two_pages(contestant: Contestant, viewer: Viewer) -> list[Any]:
    """The latest one, and the one after it."""
    with Asking(contestant.port) as asking:
        header = contestant.header(viewer)
        latest = asking.feed(header)
        older = asking.feed(header, latest["viewer"]["feed"]["pageInfo"]["endCursor"])
    return [meant(latest), meant(older)]


def meant(value: Any, key: str | None = None) -> Any:
    """What JSON stands for."""
    match value:
        case dict():
            return {name: meant(each, name) for name, each in value.items()}
        case list():
            return [meant(each) for each in value]
        case str() if key == "id":
            found = node_ids.decode(value)
            return value if found is None else str(peer_id(found.id))
        case str() if key == "createdAt":
            return datetime.fromisoformat(value).timestamp()
        case str() if key in CURSORS:
            return bool(value)
    return value


def _told(one: Contestant, other: Contestant, viewer: Viewer, expected: list[Any], page: list[Any]) -> str:
    lines = [json.dumps(each, indent=1, sort_keys=True, ensure_ascii=False).splitlines() for each in (expected, page)]
    pairs = list(zip(*lines, strict=False))
    line, (a, b) = next(((n, pair) for n, pair in enumerate(pairs) if pair[0] != pair[1]), (len(pairs), ("", "")))
    return f"{one.name} and {other.name} differ for {viewer.id}, line {line}: {a.strip()} and {b.strip()}"
