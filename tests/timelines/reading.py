"""Reads under way, and what they must and must not serve."""

from dataclasses import dataclass, field

from services.feed import FeedPage
from stores.postgres.pages import TOP
from tests.timelines.model import Model

TRUTH = ("feed.judged", "feed.exact")
"""The statements that decide what is served."""
STATEMENTS_MOST, ROUND_TRIPS_MOST = 4, 1


@dataclass(eq=False)
class Walk:
    """Through a viewer's feed, page by page. `owed`: what was owed at its start, and all the time since."""

    viewer: int
    first: int
    owed: set[int]
    below: int = TOP
    served: list[int] = field(default_factory=list)

    def add(self, page: FeedPage) -> bool:
        """Whether it goes on."""
        served = [post.feed_id for post in page.posts if post.feed_id is not None]
        self.served += served
        assert self.served == sorted(set(self.served), reverse=True), f"a walk repeats posts: {self.served}"
        if page.has_next:
            self.below = served[-1]
            return True
        assert self.owed <= set(self.served), f"a walk misses {sorted(self.owed - set(self.served))}"
        return False


@dataclass(eq=False)
class Reading:
    """One page under way. `allowed`: V(u) at each of the moments that decide."""

    viewer: int
    below: int
    first: int
    owed: set[int]
    walk: Walk | None = None
    allowed: set[int] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    def calls_now(self, at: str, model: Model) -> None:
        self.calls.append(at)
        if at in TRUTH:
            self.allowed.update(model.feed(self.viewer))

    def judge(self, page: FeedPage) -> None:
        served = [post.feed_id for post in page.posts if post.feed_id is not None]
        assert served == sorted(set(served), reverse=True), f"not descending: {served}"
        assert len(served) <= self.first
        assert all(post < self.below for post in served)
        assert set(served) <= self.allowed, f"serves {sorted(set(served) - self.allowed)}, which is not in V"
        down_to = served[-1] if page.has_next else 0
        owed = {post for post in self.owed if down_to <= post < self.below}
        assert owed <= set(served), f"misses {sorted(owed - set(served))} of V"
        if page.has_next:
            assert any(post < down_to for post in self.allowed), "promises a next page that nothing is on"
        trips = [call for call in self.calls if call == "feed._timeline"]
        assert len(trips) <= ROUND_TRIPS_MOST
        assert len(self.calls) - len(trips) <= STATEMENTS_MOST
