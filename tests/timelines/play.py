"""What goes on in a laboratory, told to the model at the same time, which judges all that is read."""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from jobs.running import JOBS
from services import fan_out, feed, posting, timelines
from services.feed import FeedPage
from services.upkeep import Work
from stores.errors import StoreUnavailable
from stores.postgres.pages import TOP
from stores.rows import Post
from tests.timelines.dealings import Dealings
from tests.timelines.laboratory import Job, Laboratory, Limits
from tests.timelines.model import Model
from tests.timelines.reading import Reading, Walk
from tests.timelines.relations import Relations
from tests.timelines.stepping import Asked, Stepped, Trouble

ALL = 100  # more posts than there ever are
OF_FEEDS = ("fan_out_post", "refresh_timeline", "reclassify_author", "erase_post", "accept_requests")


@dataclass(eq=False)
class Flight:
    """Work under way. `land` takes what it gives; it is not called where a store was unavailable.

    `note_call` is called after each of its calls.
    """

    name: str
    stepped: Stepped[Any]
    land: Callable[[Any], None]
    note_call: Callable[[], None] = lambda: None
    reading: Reading | None = None
    walk: Walk | None = None


class Play:
    """`people`, `posts` and `feed_ids` are the stores' own ids. `counted`: steps, calls, reads."""

    def __init__(
        self,
        lab: Laboratory,
        limits: Limits,
        *,
        people: int,
        follows: Iterable[tuple[int, int]],
        counted: Counter[str],
        tell: Callable[[str], None],
    ) -> None:
        """`follows`: who follows whom at first, as places among `people`. `tell` is given each store call."""
        self.lab, self.counted, self._tell = lab, counted, tell
        self.people = lab.run(lab.begin(limits, people=people))
        relations = Relations({(self.people[one], self.people[other]) for one, other in follows})
        lab.run(lab.add_follows(sorted(relations.follows)))
        self.model = Model(limits.strong, relations)
        self.dealings = Dealings(lab, relations, self._note_change)
        self.flights: list[Flight] = []
        self.walks: list[Walk] = []
        self.jobs: list[Job] = []
        """Announced, and not done."""
        self.done: list[Job] = []
        self._looks = 0

    @property
    def upkeep(self) -> dict[object, Work]:
        """What reads have asked for."""
        asked = self.lab.deps.upkeep
        assert isinstance(asked, Asked)
        return asked.works

    # ------------------------------------------------------------------------------------ what people post

    def post(self, author: int) -> None:
        self.publish(self.draft([author]))

    def create(self, author: int) -> None:
        """The same, as a client does it."""
        post = self.lab.run(self.lab.create(author))
        self.model.drafts[post.id] = author
        self._note_published([post])

    def draft(self, authors: Sequence[int]) -> list[int]:
        """A post for each that cannot be published yet."""
        post_ids = self.lab.run(self.lab.draft(authors))
        self.model.drafts |= zip(post_ids, authors, strict=True)
        return post_ids

    def publish(self, post_ids: Sequence[int]) -> None:
        self._note_published(self.lab.run(self.lab.publish(post_ids)))

    def _note_published(self, posts: Sequence[Post]) -> None:
        for feed_id, post_id in sorted((post.feed_id or 0, post.id) for post in posts):
            self.model.publish(feed_id, post_id)
        self._note_change()

    def delete(self, feed_id: int) -> None:
        author = self.model.author.pop(feed_id)
        self.lab.run(posting.delete(self.lab.deps, author, self.model.posts[feed_id]))
        self._note_change()

    def _note_change(self) -> None:
        """What leaves V is owed no more by what is under way."""
        self.jobs += [job for job in self.lab.run(self.lab.announced()) if job[0] in OF_FEEDS]
        readings = [flight.reading for flight in self.flights if flight.reading]
        for reading in readings:
            reading.owed &= self.model.owed(reading.viewer)
        for walk in self.walks:
            walk.owed &= self.model.owed(walk.viewer)

    # ------------------------------------------------------------------------------------ what is begun

    def start_job(self, job: Job) -> Flight:
        """It stays announced until it is done, so that it may be started again, and run twice at once."""
        name, arguments = job

        def land(_: object) -> None:
            if job in self.jobs:
                self.jobs.remove(job)
                self.done.append(job)
            if name == "fan_out_post":
                self.model.drain(arguments["post_id"])

        flight = self._begin(f"{name} {arguments}", _awaited(JOBS[name](self.lab.deps, **arguments)), land)
        if name == "accept_requests":
            flight.note_call = partial(self.dealings.note_accepted, arguments["user_id"])
        return flight

    def start_upkeep(self, key: object) -> Flight:
        return self._begin(f"upkeep {key}", _awaited(self.upkeep.pop(key)()))

    def rebuild(self, viewer: int) -> Flight:
        return self._begin(f"rebuild {self._name(viewer)}", timelines.rebuild(self.lab.deps, viewer))

    def refresh(self, viewer: int) -> Flight:
        return self._begin(f"refresh {self._name(viewer)}", timelines.refresh(self.lab.deps, viewer))

    def reclassify(self, author: int, *, threshold: int) -> Flight:
        work = fan_out.reclassify(self.lab.with_threshold(threshold), author)
        return self._begin(f"reclassify {self._name(author)} at {threshold}", work)

    def read(self, viewer: int, *, below: int = TOP, first: int = ALL, walk: Walk | None = None) -> Flight:
        reading = Reading(viewer, below, first, self.model.owed(viewer))

        def land(page: FeedPage) -> None:
            self.counted["reads"] += 1
            reading.judge(page)
            if walk is not None and not walk.add(page):
                self.walks.remove(walk)

        work = feed.home(self.lab.deps, viewer, below=below, most=first)
        flight = self._begin(f"read {self._name(viewer)}, first {first}", work, land)
        flight.reading, flight.walk = reading, walk
        return flight

    def walk(self, viewer: int, *, first: int) -> Walk:
        walk = Walk(viewer, first, self.model.owed(viewer))
        self.walks.append(walk)
        return walk

    def next_page(self, walk: Walk) -> Flight:
        """The one under way, or the next."""
        for flight in self.flights:
            if flight.walk is walk:
                return flight
        return self.read(walk.viewer, below=walk.below, first=walk.first, walk=walk)

    def _begin(self, name: str, work: Coroutine[Any, Any, Any], land: Callable[[Any], None] = lambda _: None) -> Flight:
        flight = Flight(name, self.lab.start(work), land)
        self.flights.append(flight)
        return flight

    def _name(self, person: int) -> int:
        return self.people.index(person)

    # ------------------------------------------------------------------------------------ what goes on

    def step(self, flight: Flight, calls: int = 1, *, trouble: Trouble | None = None) -> None:
        """Make so many store calls, or as many as there are."""
        for _ in range(calls):
            if flight in self.flights:
                self._make_call(flight, trouble)

    def finish(self, flight: Flight) -> None:
        while flight in self.flights:
            self._make_call(flight, None)

    def kill(self, flight: Flight) -> None:
        self.flights.remove(flight)
        self.lab.kill(flight.stepped)

    def _make_call(self, flight: Flight, trouble: Trouble | None) -> None:
        call = flight.stepped.next
        assert call is not None
        self._tell(f"{flight.name}: {call.function} ({call.store}{', ' + trouble if trouble else ''})")
        if flight.reading is not None:
            flight.reading.note(call, self.model.feed(flight.reading.viewer))
        self.lab.step(flight.stepped, trouble)
        self.counted["calls"] += 1
        flight.note_call()
        if flight.stepped.is_done:
            self._end(flight)

    def _end(self, flight: Flight) -> None:
        self.flights.remove(flight)
        try:
            gave = flight.stepped.result()
        except StoreUnavailable:
            assert flight.reading is None, "a read without Redis is answered"
        else:
            flight.land(gave)
        self._note_change()

    def let_pass(self, seconds: int) -> None:
        """No request and no job lives so long."""
        while self.flights:
            self.kill(self.flights[0])
        self.lab.run(self.lab.let_pass(seconds, self.people))

    # ------------------------------------------------------------------------------------ what is seen at once

    def see(self, viewer: int, *, below: int = TOP, first: int = ALL) -> FeedPage:
        """A page, between two steps."""
        reading = Reading(viewer, below, first, self.model.owed(viewer), set(self.model.feed(viewer)))
        page = self.lab.run(feed.home(self.lab.deps, viewer, below=below, most=first))
        self.counted["reads"] += 1
        reading.judge(page)
        return page

    def see_all(self, viewer: int, *, first: int) -> None:
        """The whole feed, page by page, between two steps."""
        walk = Walk(viewer, first, self.model.owed(viewer))
        while walk.add(self.see(viewer, below=walk.below, first=first)):
            pass

    def look(self) -> None:
        """Somebody's timeline serves what it should, whatever is half done: by turns, on a long page or a short one."""
        number, places = self._looks, [TOP, *self.model.posts]
        self._looks += 1
        live = self.lab.run(self.lab.live_timelines(self.people))
        if live:
            viewer = live[number % len(live)]
            if number % 2:
                self.see(viewer, below=places[number // 2 % len(places)], first=number % 3 + 1)
            else:
                self.see(viewer)

    def publish_all_fanned_out(self, authors: Sequence[int]) -> None:
        """A post for each, before there are timelines."""
        self.publish(self.draft(authors))
        self.done, self.jobs = self.jobs, []
        self.lab.run(self.lab.drain())
        self.model.undrained.clear()

    def do_jobs(self) -> None:
        while self.jobs:
            self.finish(self.start_job(self.jobs[0]))

    def come_to_rest(self) -> None:
        """Do all that is to be done; then everybody's pages are V exactly, on the timelines there are and on new."""
        while self.flights:
            self.finish(self.flights[0])
        self.do_jobs()
        assert not self.model.undrained
        self._compare_relations()
        for viewer in self.people:
            self.see_all(viewer, first=3)
            assert self.lab.run(self.lab.counts(viewer)) == self.model.counts(viewer)
        while self.upkeep:
            self.finish(self.start_upkeep(next(iter(self.upkeep))))
        for viewer in self.people:
            self.see(viewer)

    def _compare_relations(self) -> None:
        """People stand to each other as they should, and nobody waits for an account that is public."""
        relations = self.model.relations
        found = self.lab.run(self.lab.pairs())
        assert found == relations.pairs(), f"people stand otherwise: {found}"
        assert {requestee for _, requestee in relations.requests} <= relations.private


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work
