"""Subscriptions to feeds while all moves that moves a feed, judged by a model: the design's invariant 14.

A client that is cut off, and resumes after the last event that it got, gets every post that was in V(u) from its
publication to its delivery, none that never was, in the order of publication, each once.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.api.driving import InWorld, Run, drive, runs
from tests.api.subscribing import FEED_POST_ADDED, Subscribed, feed_cursor, subscribed
from tests.world import Person, World

PEOPLE = 3
CLIENTS = 4

somebody = st.integers(0, PEOPLE - 1)
one_client = st.integers(0, CLIENTS - 1)
one_of_them = st.integers(0, 2**16)  # modulo how many there are


@dataclass
class Client:
    viewer: int
    cursor: str
    got: list[str] = field(default_factory=list)
    connected: AsyncExitStack | None = None
    events: Subscribed | None = None


class LiveFeeds(InWorld):
    def __init__(self) -> None:
        super().__init__()
        self.people: list[Person] = [self.run(self.world.person()) for _ in range(PEOPLE)]
        self.follows: set[tuple[int, int]] = set()
        self.author: dict[str, int] = {}  # of live posts
        self.published: list[str] = []
        self.always: dict[str, set[int]] = {}  # in whose V each post has been since its publication
        self.ever: dict[str, set[int]] = {}  # in whose V it has been at all
        self.pictures: dict[str, str] = {}  # of unpublished posts
        self.clients = [
            Client(viewer % PEOPLE, self.run(feed_cursor(self.world, self.people[viewer % PEOPLE])))
            for viewer in range(CLIENTS)
        ]

    # ------------------------------------------------------------------------------------ what people do

    @rule(by=somebody)
    def post(self, by: int) -> None:
        post_id = self.run(self.world.post(self.people[by]))
        self.author[post_id] = by
        self.note_publication(post_id)

    @rule(by=somebody)
    def post_what_is_not_processed_yet(self, by: int) -> None:
        picture = self.run(self.world.picture(self.people[by], status="PROCESSING"))
        post_id = self.run(self.world.post(self.people[by], mediaIds=[picture]))
        self.author[post_id] = by
        self.pictures[post_id] = picture

    @precondition(lambda self: self.pictures)
    @rule(which=one_of_them)
    def publish_late(self, which: int) -> None:
        post_id = list(self.pictures)[which % len(self.pictures)]
        self.run(self.world.finish(self.pictures.pop(post_id)))
        self.note_publication(post_id)

    @precondition(lambda self: self.author)
    @rule(which=one_of_them)
    def delete(self, which: int) -> None:
        post_id = list(self.author)[which % len(self.author)]
        self.run(self.world.delete(self.people[self.author.pop(post_id)], post_id))
        self.pictures.pop(post_id, None)
        self.note_change()

    @rule(follower=somebody, followee=somebody)
    def follow(self, follower: int, followee: int) -> None:
        if follower != followee:
            self.run(self.world.follow(self.people[follower], self.people[followee]))
            self.follows.add((follower, followee))
            self.note_change()

    @precondition(lambda self: self.follows)
    @rule(which=one_of_them)
    def unfollow(self, which: int) -> None:
        follower, followee = sorted(self.follows)[which % len(self.follows)]
        self.run(self.world.unfollow(self.people[follower], self.people[followee]))
        self.follows.discard((follower, followee))
        self.note_change()

    def note_publication(self, post_id: str) -> None:
        self.published.append(post_id)
        self.always[post_id] = self.ever[post_id] = self.in_whose_feed(post_id)

    def note_change(self) -> None:
        for post_id in self.published:
            now = self.in_whose_feed(post_id)
            self.always[post_id] = self.always[post_id] & now
            self.ever[post_id] = self.ever[post_id] | now

    def in_whose_feed(self, post_id: str) -> set[int]:
        by = self.author.get(post_id)
        return set() if by is None else {by} | {follower for follower, followee in self.follows if followee == by}

    # ------------------------------------------------------------------------------------ what clients get

    @rule(which=one_client)
    def connect_or_cut(self, which: int) -> None:
        client = self.clients[which]
        self.run(self.cut(client) if client.connected else self.connect(client))

    @rule(which=one_client)
    def hear(self, which: int) -> None:
        """All that there is to be told, up to a post of the client's own."""
        client = self.clients[which]
        if not client.connected:
            self.run(self.connect(client))
        self.post(client.viewer)
        self.run(self.hear_up_to(client, self.published[-1]))
        self.judge(client)

    @rule(which=one_client, most=st.integers(1, 3))
    def hear_a_little_and_be_cut(self, which: int, most: int) -> None:
        client = self.clients[which]
        if client.connected:
            self.run(self.cut(client))
        self.post(client.viewer)
        last = self.published[-1]
        self.run(self.connect(client))
        self.run(self.hear_up_to(client, last, most=most))
        self.run(self.cut(client))

    async def connect(self, client: Client) -> None:
        client.connected = AsyncExitStack()
        who = self.people[client.viewer]
        opened = subscribed(self.world, who, FEED_POST_ADDED, after=client.cursor)
        client.events = await client.connected.enter_async_context(opened)

    async def cut(self, client: Client) -> None:
        assert client.connected is not None
        await client.connected.aclose()
        client.connected = client.events = None

    async def hear_up_to(self, client: Client, last: str, *, most: int = 1_000) -> None:
        assert client.events is not None
        for _ in range(most):
            event = await client.events.event()
            client.cursor = event["cursor"]
            client.got.append(event["edge"]["node"]["id"])
            if client.got[-1] == last:
                return

    def judge(self, client: Client) -> None:
        """`got` was heard up to its last post."""
        upto = self.published[: self.published.index(client.got[-1]) + 1]
        assert client.got == [post for post in upto if post in client.got]
        assert {post for post in upto if client.viewer in self.always[post]} <= set(client.got)
        assert set(client.got) <= {post for post in upto if client.viewer in self.ever[post]}

    def teardown(self) -> None:
        for which, client in enumerate(self.clients):
            self.hear(which)
            self.run(self.cut(client))
        assert not self.world.app.deps.live.publications.followed


@runs(short=(8, 30), long=(200, 50))
async def test_resumed_subscriptions_miss_and_repeat_nothing_whatever_happens(world: World, run: Run) -> None:
    await drive(LiveFeeds, world, run)
