"""All that moves home feeds, one store call at a time and in any order."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import permutations, product
from typing import Any, ClassVar

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from stores.postgres.pages import TOP
from tests.timelines.laboratory import Laboratory, Limits
from tests.timelines.play import Flight, Play
from tests.timelines.relations import Pair
from tests.timelines.scopes import SCOPES
from tests.timelines.stepping import Trouble

PEOPLE = 3
IN_FLIGHT_MOST, WALKS_MOST = 4, 2
HOUR = 3600
MANY, FEW = 1, 1_000
"""Thresholds that every followed author is over, and nobody."""

viewers = st.sampled_from([0, 0, 0, 0, 1, 2])  # most happens to one of them, so that it happens at once
authors = st.sampled_from([1, 1, 1, 2, 0])
somebody = st.integers(0, PEOPLE - 1)
one_of_them = st.integers(0, 2**16)  # modulo how many there are
calls = st.sampled_from([100, 100, 1, 2, 3])
"""How many store calls are made at once, if there are so many to make."""


def event(**drawn: Any) -> Callable[[Any], Any]:
    """A rule that holds in examples about it, and in those about everything."""

    def ruled(function: Any) -> Any:
        name = function.__name__
        return precondition(lambda self: self.is_about(name))(rule(**drawn)(function))  # type: ignore[no-untyped-call]

    return ruled


has_room = precondition(lambda self: len(self.play.flights) < IN_FLIGHT_MOST)
in_flight = precondition(lambda self: self.play.flights)


class Feeds(RuleBasedStateMachine):
    scopes: ClassVar[Sequence[str]] = [*SCOPES, "everything"]
    lab: ClassVar[Laboratory]
    strong: ClassVar[int]
    counted: ClassVar[Counter[str]]
    play: Play
    scope: str = "nothing yet"

    @initialize(
        scope=st.runner().flatmap(lambda machine: st.sampled_from(machine.scopes)),
        cap=st.sampled_from([2, 3, 1, 6]),
        slack=st.sampled_from([0, 0, 1]),
        chunk=st.sampled_from([1, 3]),
        newest=st.sampled_from([3, 2, 1]),
        spare=st.sampled_from([0, 1, 20]),
        hermits=st.lists(somebody, max_size=2),
        private=st.sampled_from([[1], [1, 2], []]),
        posts=st.sampled_from([8, 0]).flatmap(lambda most: st.lists(somebody, max_size=most)),
    )
    def begin(
        self,
        scope: str,
        cap: int,
        slack: int,
        chunk: int,
        newest: int,
        spare: int,
        hermits: list[int],
        private: list[int],
        posts: list[int],
    ) -> None:
        """Everybody but the hermits follows everybody; all have timelines, with some posts on them.

        Where the example is about requests, some accounts are `private`, and asked by the hermits.
        """
        self.scope = scope
        limits = Limits(cap, slack, chunk, newest, spare, self.strong)
        follows = [(one, other) for one, other in permutations(range(PEOPLE), 2) if one not in hermits]
        self.play = Play(self.lab, limits, people=PEOPLE, follows=follows, counted=self.counted, tell=hypothesis.note)
        if posts:
            self.play.publish_all_fanned_out([self.play.people[by] for by in posts])
        for viewer in self.play.people:
            self.play.finish(self.play.rebuild(viewer))
        if self.is_about("accept") or self.is_about("go_public"):
            for user in private:
                self.go_private(user)
            for follower, followee in product(set(hermits), private):
                self.follow(follower, followee)

    def is_about(self, name: str) -> bool:
        return name in SCOPES.get(self.scope, {name})

    @invariant()
    def look(self) -> None:
        if hasattr(self, "play"):
            self.counted["steps"] += 1
            self.play.look()

    def teardown(self) -> None:
        if hasattr(self, "play"):
            self.play.come_to_rest()

    # ------------------------------------------------------------------------------------ what people do

    @has_room
    @event(by=authors, calls=calls)
    def post(self, by: int, calls: int) -> None:
        self.play.post(self.play.people[by])
        self.play.step(self.play.start_job(self.play.jobs[-1]), calls)

    @event(by=authors)
    def post_unheard(self, by: int) -> None:
        """Its fan-out is for later."""
        self.play.create(self.play.people[by])

    @event(by=authors)
    def draft(self, by: int) -> None:
        self.play.draft([self.play.people[by]])

    @precondition(lambda self: self.play.model.drafts)
    @event(skipped=st.integers(0, 2), most=st.integers(1, 3))
    def publish_late(self, skipped: int, most: int) -> None:
        drafts = list(self.play.model.drafts)
        self.play.publish((drafts[skipped:] or drafts)[:most])

    @precondition(lambda self: self.play.model.author)
    @event(which=one_of_them)
    def delete(self, which: int) -> None:
        live = list(reversed(self.play.model.author))
        self.play.delete(live[which % len(live)])

    # ------------------------------------------------------------------------------------ what they do to each other

    @event(follower=viewers, followee=authors)
    def follow(self, follower: int, followee: int) -> None:
        if follower != followee:
            self.play.dealings.follow(self.play.people[follower], self.play.people[followee])

    @event(follower=viewers, followee=authors)
    def unfollow(self, follower: int, followee: int) -> None:
        if follower != followee:
            self.play.dealings.unfollow(self.play.people[follower], self.play.people[followee])

    @event(user=authors)
    def go_private(self, user: int) -> None:
        self.play.dealings.go_private(self.play.people[user])

    @precondition(lambda self: self.play.model.relations.requests)
    @event(which=one_of_them)
    def go_public(self, which: int) -> None:
        _, user = self.one_of(self.play.model.relations.requests, which)
        self.play.dealings.go_public(user)

    @precondition(lambda self: self.play.model.relations.requests)
    @event(which=one_of_them)
    def accept(self, which: int) -> None:
        requester, user = self.one_of(self.play.model.relations.requests, which)
        self.play.dealings.accept(user, requester)

    @precondition(lambda self: self.play.model.relations.requests)
    @event(which=one_of_them)
    def decline(self, which: int) -> None:
        requester, user = self.one_of(self.play.model.relations.requests, which)
        self.play.dealings.decline(user, requester)

    @event(user=somebody, other=somebody)
    def block(self, user: int, other: int) -> None:
        if user != other:
            self.play.dealings.block(self.play.people[user], self.play.people[other])

    @precondition(lambda self: self.play.model.relations.blocks)
    @event(which=one_of_them)
    def unblock(self, which: int) -> None:
        self.play.dealings.unblock(*self.one_of(self.play.model.relations.blocks, which))

    @event(user=viewers, other=authors)
    def mute(self, user: int, other: int) -> None:
        if user != other:
            self.play.dealings.mute(self.play.people[user], self.play.people[other])

    @precondition(lambda self: self.play.model.relations.mutes)
    @event(which=one_of_them)
    def unmute(self, which: int) -> None:
        self.play.dealings.unmute(*self.one_of(self.play.model.relations.mutes, which))

    def one_of(self, pairs: set[Pair], which: int) -> Pair:
        return sorted(pairs)[which % len(pairs)]

    # ------------------------------------------------------------------------------------ what is begun for them

    @has_room
    @event(viewer=viewers, is_lost=st.booleans(), calls=calls)
    def rebuild(self, viewer: int, is_lost: bool, calls: int) -> None:
        if is_lost:
            self.evict(viewer)
        self.play.step(self.play.rebuild(self.play.people[viewer]), calls)

    @has_room
    @event(viewer=viewers, calls=calls)
    def refresh(self, viewer: int, calls: int) -> None:
        self.play.step(self.play.refresh(self.play.people[viewer]), calls)

    @has_room
    @event(author=authors, threshold=st.sampled_from([MANY, FEW]), calls=calls)
    def reclassify(self, author: int, threshold: int, calls: int) -> None:
        self.play.step(self.play.reclassify(self.play.people[author], threshold=threshold), calls)

    @has_room
    @precondition(lambda self: self.play.done)
    @event(which=one_of_them, calls=calls)
    def repeat_job(self, which: int, calls: int) -> None:
        self.play.step(self.play.start_job(self.play.done[which % len(self.play.done)]), calls)

    # ------------------------------------------------------------------------------------ what they look at

    @has_room
    @event(viewer=viewers, first=st.integers(1, 3), place=st.just(0) | one_of_them, calls=calls)
    def read(self, viewer: int, first: int, place: int, calls: int) -> None:
        places = [TOP, *self.play.model.posts]
        page = self.play.read(self.play.people[viewer], below=places[place % len(places)], first=first)
        self.play.step(page, calls)

    @precondition(lambda self: len(self.play.walks) < WALKS_MOST)
    @event(viewer=viewers, first=st.integers(1, 3))
    def walk(self, viewer: int, first: int) -> None:
        self.play.walk(self.play.people[viewer], first=first)

    @has_room
    @precondition(lambda self: self.play.walks)
    @event(which=one_of_them, calls=calls)
    def walk_on(self, which: int, calls: int) -> None:
        self.play.step(self.play.next_page(self.play.walks[which % len(self.play.walks)]), calls)

    @event(viewer=viewers, first=st.integers(1, 5))
    def see_all(self, viewer: int, first: int) -> None:
        self.play.see_all(self.play.people[viewer], first=first)

    # ------------------------------------------------------------------------------------ what goes on

    @rule(which=one_of_them, calls=calls)
    def go_on(self, which: int, calls: int) -> None:
        """With what is under way, or with what waits to be done."""
        flights, waiting = self.play.flights, self.waiting() if len(self.play.flights) < IN_FLIGHT_MOST else []
        chosen = which % max(len(flights) + len(waiting), 1)
        if chosen < len(flights):
            self.play.step(flights[chosen], calls)
        elif waiting:
            self.play.step(waiting[chosen - len(flights)](), calls)

    go_on_2 = go_on  # more often than the others

    def waiting(self) -> list[Callable[[], Flight]]:
        jobs = [lambda job=job: self.play.start_job(job) for job in self.play.jobs]
        return [*jobs, *(lambda asked=asked: self.play.start_upkeep(asked) for asked in self.play.upkeep)]

    # ------------------------------------------------------------------------------------ what befalls them

    @in_flight
    @event(which=one_of_them, trouble=st.sampled_from(["unreachable", "answer lost"]))
    def step_into_trouble(self, which: int, trouble: Trouble) -> None:
        self.play.step(self.play.flights[which % len(self.play.flights)], trouble=trouble)

    @in_flight
    @event(which=one_of_them)
    def kill(self, which: int) -> None:
        self.play.kill(self.play.flights[which % len(self.play.flights)])

    @event(viewer=viewers)
    def evict(self, viewer: int) -> None:
        self.lab.run(self.lab.deps.timelines.drop(self.play.people[viewer]))

    @event()
    def restart_redis(self) -> None:
        self.lab.run(self.lab.restart_redis())

    @event(hours=st.sampled_from([75, 6]))
    def let_pass(self, hours: int) -> None:
        self.play.let_pass(hours * HOUR)
