"""Reads under way, and what they must and must not serve."""

from collections.abc import Collection
from dataclasses import dataclass, field

from services.feed import FeedPage
from stores.postgres.pages import TOP
from tests.timelines.stepping import Call

TRUTH = ("feed.look", "feed.exact")
"""The statements that decide what is served."""
STATEMENTS_MOST, ROUND_TRIPS_MOST = 3, 1


@dataclass(eq=False)
class Walk:
    """Through a viewer's feed, page by page. `owed`: what was owed at its start, and all the time since."""

    viewer: int
    first: int
    owed: set[int]
    below: int = TOP
    served: list[int] = field(default_factory=list)

    def add(self, page: FeedPage) -> bool:
        """Whether there is another page."""
        self.served += _served(page)
        assert self.served == sorted(set(self.served), reverse=True), f"a walk repeats or reorders: {self.served}"
        if page.has_next:
            self.below = self.served[-1]
        else:
            assert self.owed <= set(self.served), f"a walk misses {sorted(self.owed - set(self.served))}"
        return page.has_next


@dataclass(eq=False)
class Reading:
    """One page under way. `owed`: as of a walk; `allowed`: V(u) at each of the moments that decide."""

    viewer: int
    below: int
    first: int
    owed: set[int]
    allowed: set[int] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)

    def note(self, call: Call, feed: Collection[int]) -> None:
        """`feed`: V(u) when the call is made."""
        self.calls.append(call)
        if call.function in TRUTH:
            self.allowed.update(feed)

    def judge(self, page: FeedPage) -> None:
        """Invariants 1, 3, 4 and 6 of a page, and its cost."""
        served = _served(page)
        assert served == sorted(set(served), reverse=True), f"not descending: {served}"
        assert len(served) <= self.first
        assert all(post < self.below for post in served)
        assert set(served) <= self.allowed, f"serves {sorted(set(served) - self.allowed)}, which are not in V"
        down_to = served[-1] if page.has_next else 0
        owed = {post for post in self.owed if down_to <= post < self.below}
        assert owed <= set(served), f"misses {sorted(owed - set(served))} of V"
        if page.has_next:
            assert any(post < down_to for post in self.allowed), "there is nothing on the next page"
        stores = [call.store for call in self.calls]
        assert stores.count("Postgres") <= STATEMENTS_MOST
        assert stores.count("Redis") <= ROUND_TRIPS_MOST


def _served(page: FeedPage) -> list[int]:
    return [post.feed_id for post in page.posts]
