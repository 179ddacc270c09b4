"""All that moves home feeds, one store call at a time and in any order, judged by the model on every read."""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from jobs.running import JOBS
from services import fan_out, feed, following, posting, timelines
from services.deps import Deps
from stores.errors import StoreUnavailable
from stores.postgres.pages import TOP
from stores.redis.timelines import key
from tests.timelines.laboratory import Laboratory
from tests.timelines.model import Model
from tests.timelines.reading import Reading, Walk
from tests.timelines.stepping import Asked, Stepped, Trouble

PEOPLE = 4
IN_FLIGHT_MOST = 5
ALL = 100
HOUR = 3600
MANY, FEW = 1, 1_000
"""Thresholds at which an author with a follower has many of them, and one with all has few."""
NOT_OF_FEEDS = ("remove_media_files",)

somebody = st.integers(0, PEOPLE - 1)
one_of_them = st.integers(0, 2**16)  # modulo how many there are


@dataclass(eq=False)
class Flight:
    """Work under way; `land` takes what it gives, or the `StoreUnavailable` that it ended with."""

    name: str
    stepped: Stepped[Any]
    land: Callable[[Any], None]
    reading: Reading | None = None


class Feeds(RuleBasedStateMachine):
    lab: ClassVar[Laboratory]
    owed_early: ClassVar[int]
    counted: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(self.owed_early)
        self.flights: list[Flight] = []
        self.walks: list[Walk] = []
        self.jobs: list[tuple[str, dict[str, int]]] = []  # announced, not done
        self.done: list[tuple[str, dict[str, int]]] = []

    @initialize(cap=st.sampled_from([3, 1, 2, 6]), chunk=st.sampled_from([1, 2]), threshold=st.sampled_from([100, 2]))
    def begin(self, cap: int, chunk: int, threshold: int) -> None:
        self.people = self.lab.run(self.lab.begin(PEOPLE))
        self.deps = self.lab.ready(cap=cap, chunk=chunk, threshold=threshold, strong_mode_posts=self.owed_early)

    # ------------------------------------------------------------------------------------ what people do

    @rule(by=somebody)
    def post(self, by: int) -> None:
        post_id = self.lab.run(self.lab.post(self.people[by]))
        self.model.drafts[post_id] = self.people[by]
        self.note_published([post_id])

    @rule(by=somebody)
    def draft(self, by: int) -> None:
        self.model.drafts[self.lab.run(self.lab.draft(self.people[by]))] = self.people[by]

    @precondition(lambda self: self.model.drafts)
    @rule(order=st.permutations(range(4)), most=st.integers(1, 3))
    def publish_late(self, order: list[int], most: int) -> None:
        drafts = list(self.model.drafts)
        chosen = [drafts[place] for place in order if place < len(drafts)][:most]
        self.lab.run(self.lab.publish(chosen))
        self.note_published(chosen)

    @precondition(lambda self: self.model.author)
    @rule(which=one_of_them)
    def delete(self, which: int) -> None:
        feed_id = list(self.model.author)[which % len(self.model.author)]
        author = self.model.author.pop(feed_id)
        self.lab.run(posting.delete(self.deps, author, self.model.posts[feed_id]))
        self.note_change()

    @rule(follower=somebody, followee=somebody)
    def follow(self, follower: int, followee: int) -> None:
        if follower != followee:
            edge = self.people[follower], self.people[followee]
            self.lab.run(following.follow(self.deps, *edge))
            self.model.follows.add(edge)
            self.note_change()

    @precondition(lambda self: self.model.follows)
    @rule(which=one_of_them)
    def unfollow(self, which: int) -> None:
        edge = sorted(self.model.follows)[which % len(self.model.follows)]
        self.lab.run(following.unfollow(self.deps, *edge))
        self.model.follows.remove(edge)
        self.note_change()

    def note_published(self, post_ids: list[int]) -> None:
        for feed_id, post_id in self.lab.run(self.lab.feed_ids(post_ids)):
            self.model.publish(feed_id, post_id)
        self.note_change()

    def note_change(self) -> None:
        """What is not in V any more, was not all the time."""
        self.jobs += [job for job in self.lab.run(self.lab.announced()) if job[0] not in NOT_OF_FEEDS]
        for reading in [*(flight.reading for flight in self.flights if flight.reading), *self.walks]:
            reading.owed &= self.model.owed(reading.viewer)

    # ------------------------------------------------------------------------------------ what workers do

    def take_off(
        self, name: str, work: Coroutine[Any, Any, Any], land: Callable[[Any], None], reading: Reading | None = None
    ) -> None:
        async def begun() -> Stepped[Any]:
            stepped = Stepped(work)
            await stepped.stop_first()
            return stepped

        self.flights.append(Flight(name, self.lab.run(begun()), land, reading))

    has_room = precondition(lambda self: len(self.flights) < IN_FLIGHT_MOST)

    @has_room
    @precondition(lambda self: self.jobs)
    @rule(which=one_of_them)
    def start_job(self, which: int) -> None:
        """It stays announced until it is done: it may be started again, and be done twice at once."""
        self.run_job(self.jobs[which % len(self.jobs)])

    @has_room
    @precondition(lambda self: self.done)
    @rule(which=one_of_them)
    def repeat_job(self, which: int) -> None:
        self.run_job(self.done[which % len(self.done)])

    @has_room
    @rule(author=somebody, threshold=st.sampled_from([MANY, FEW]))
    def reclassify(self, author: int, threshold: int) -> None:
        deps = self.lab.with_threshold(self.deps, threshold)
        self.take_off("reclassify", fan_out.reclassify(deps, self.people[author]), lambda _: None)

    @has_room
    @rule(viewer=somebody)
    def rebuild(self, viewer: int) -> None:
        self.take_off(f"rebuild {viewer}", timelines.rebuild(self.deps, self.people[viewer]), lambda _: None)

    @has_room
    @rule(viewer=somebody)
    def refresh(self, viewer: int) -> None:
        self.take_off(f"refresh {viewer}", timelines.refresh(self.deps, self.people[viewer]), lambda _: None)

    @has_room
    @precondition(lambda self: self.asked.works)
    @rule(which=one_of_them)
    def start_upkeep(self, which: int) -> None:
        asked = list(self.asked.works)[which % len(self.asked.works)]
        self.take_off(f"upkeep {asked}", _awaited(self.asked.works.pop(asked)), lambda _: None)

    @property
    def asked(self) -> Asked:
        assert isinstance(self.deps.upkeep, Asked)
        return self.deps.upkeep

    def run_job(self, job: tuple[str, dict[str, int]]) -> None:
        name, arguments = job

        def land(gave: object) -> None:
            if not isinstance(gave, StoreUnavailable) and job in self.jobs:
                self.jobs.remove(job)
                self.done.append(job)
            if not isinstance(gave, StoreUnavailable) and name == "fan_out_post":
                self.model.drain(arguments["post_id"])

        self.take_off(f"{name} {arguments}", _awaited(partial(JOBS[name], self.deps, **arguments)), land)

    # ------------------------------------------------------------------------------------ what goes on

    in_flight = precondition(lambda self: self.flights)

    @in_flight
    @rule(which=one_of_them)
    def step(self, which: int) -> None:
        self.advance(self.flights[which % len(self.flights)])

    @in_flight
    @rule(which=one_of_them)
    def step_another(self, which: int) -> None:
        self.advance(self.flights[which % len(self.flights)])

    @in_flight
    @rule(which=one_of_them)
    def finish(self, which: int) -> None:
        flight = self.flights[which % len(self.flights)]
        while flight in self.flights:
            self.advance(flight)

    @in_flight
    @rule(which=one_of_them, trouble=st.sampled_from(["unreachable", "answer lost"]))
    def step_into_trouble(self, which: int, trouble: Trouble) -> None:
        self.advance(self.flights[which % len(self.flights)], trouble)

    @in_flight
    @rule(which=one_of_them)
    def kill(self, which: int) -> None:
        flight = self.flights.pop(which % len(self.flights))
        self.lab.run(flight.stepped.kill())

    def advance(self, flight: Flight, trouble: Trouble | None = None) -> None:
        stepped = flight.stepped
        note(f"{flight.name}: {stepped.at} {trouble or ''}")
        if flight.reading is not None:
            flight.reading.calls_now(stepped.at, self.model)
        self.lab.run(stepped.step(trouble))
        self.counted["calls"] += 1
        if stepped.is_done:
            self.flights.remove(flight)
            try:
                gave = stepped.result()
            except StoreUnavailable as error:
                gave = error
            flight.land(gave)
            self.note_change()

    # ------------------------------------------------------------------------------------ what befalls them

    @rule(viewer=somebody)
    def evict(self, viewer: int) -> None:
        self.lab.run(self.lab.redis.delete(key(self.people[viewer])))

    @rule()
    def restart_redis(self) -> None:
        self.lab.run(self.lab.restart_redis())

    @rule(hours=st.sampled_from([75, 40]))
    def let_pass(self, hours: int) -> None:
        """No request and no job lives so long."""
        while self.flights:
            self.kill(0)
        self.lab.run(self.lab.let_pass(hours * HOUR, self.people))

    # ------------------------------------------------------------------------------------ what people see

    @rule(viewer=somebody, first=st.integers(1, 5), place=one_of_them)
    def read(self, viewer: int, first: int, place: int) -> None:
        """Any page, at once."""
        places = [TOP, *self.model.posts]
        self.read_at_once(self.people[viewer], places[place % len(places)], first)

    @rule(viewer=somebody, first=st.integers(1, 3))
    def walk(self, viewer: int, first: int) -> None:
        """The whole feed, at once."""
        walk = Walk(self.people[viewer], first, self.model.owed(self.people[viewer]))
        while walk.add(self.read_at_once(walk.viewer, walk.below, first)):
            pass

    @has_room
    @rule(viewer=somebody, first=st.integers(1, 5), place=one_of_them)
    def begin_to_read(self, viewer: int, first: int, place: int) -> None:
        places = [TOP, *self.model.posts]
        self.begin_reading(self.people[viewer], places[place % len(places)], first, None)

    @precondition(lambda self: len(self.walks) < 2)
    @rule(viewer=somebody, first=st.integers(1, 3))
    def begin_to_walk(self, viewer: int, first: int) -> None:
        self.walks.append(Walk(self.people[viewer], first, self.model.owed(self.people[viewer])))

    @has_room
    @precondition(lambda self: self.walks)
    @rule(which=one_of_them)
    def walk_on(self, which: int) -> None:
        walk = self.walks[which % len(self.walks)]
        if all(flight.reading is None or flight.reading.walk is not walk for flight in self.flights):
            self.begin_reading(walk.viewer, walk.below, walk.first, walk)

    def begin_reading(self, viewer: int, below: int, first: int, walk: Walk | None) -> None:
        reading = Reading(viewer, below, first, self.model.owed(viewer), walk)

        def land(page: feed.FeedPage) -> None:
            self.counted["reads"] += 1
            reading.judge(page)
            if walk is not None and not walk.add(page):
                self.walks.remove(walk)

        name = f"read {self.people.index(viewer)} first {first}"
        self.take_off(name, feed.home(self.deps, viewer, below=below, most=first), land, reading)

    def read_at_once(self, viewer: int, below: int, first: int) -> feed.FeedPage:
        self.counted["reads"] += 1
        reading = Reading(viewer, below, first, self.model.owed(viewer))
        reading.allowed.update(self.model.feed(viewer))
        page = self.lab.run(feed.home(self.deps, viewer, below=below, most=first))
        reading.judge(page)
        return page

    @invariant()
    def every_timeline_is_right(self) -> None:
        """A read now serves what it should, whatever is half done."""
        self.counted["steps"] += 1
        for viewer in self.lab.run(self.lab.live_timelines(self.people)):
            self.read_at_once(viewer, TOP, ALL)

    # ------------------------------------------------------------------------------------ at rest

    def teardown(self) -> None:
        """When all is done, every page of everybody is exact, with the timelines that there are and with new ones."""
        while self.flights:
            self.finish(0)
        while self.jobs:
            self.start_job(0)
            self.finish(0)
        assert not self.model.undrained
        self.lab.run(self.lab.check_counts(self.model))
        for first in (2, ALL):
            for viewer in range(PEOPLE):
                self.walk(viewer, first)
            while self.asked.works:
                self.start_upkeep(0)
                self.finish(0)


async def _awaited(work: Callable[[], Any]) -> Any:
    return await work()
