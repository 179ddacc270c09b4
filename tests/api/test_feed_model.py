"""All that moves a feed, in any order, judged by a model in plain Python: the design's invariants 1 to 6, 9, 10, 12.

V(u), the feed that u should have: the live, published posts of u and of those whom u follows, latest published first.
"""

from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.api.driving import InWorld, Run, drive, runs
from tests.world import Person, World

PEOPLE = 3
PROFILE = """query ($id: ID!) { node(id: $id) { ... on User {
  postCount followerCount followingCount posts(first: 100) { edges { node { id } } }
} } }"""

somebody = st.integers(0, PEOPLE - 1)
one_of_them = st.integers(0, 2**16)  # modulo how many there are


@dataclass
class Model:
    """Who follows whom; the live posts by their authors; each publication's number, also of posts that are deleted."""

    follows: set[tuple[int, int]] = field(default_factory=set)
    author: dict[str, int] = field(default_factory=dict)
    published: dict[str, int] = field(default_factory=dict)

    def publish(self, post_id: str) -> None:
        self.published[post_id] = len(self.published)

    def feed(self, viewer: int) -> list[str]:
        authors = {viewer} | {followee for follower, followee in self.follows if follower == viewer}
        return self.posts_of(authors)

    def posts_of(self, authors: set[int]) -> list[str]:
        return [post for post in reversed(self.published) if self.author.get(post) in authors]


@dataclass(eq=False)
class Walk:
    """Under way through a viewer's feed; `constant`: what has been in V since it began."""

    viewer: int
    first: int
    constant: set[str]
    after: str | None = None
    served: list[str] = field(default_factory=list)


class Feeds(InWorld):
    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.pictures: dict[str, str] = {}  # of unpublished posts
        self.walks: list[Walk] = []
        self.people: list[Person] = [self.run(self.world.person()) for _ in range(PEOPLE)]

    # ------------------------------------------------------------------------------------ what people do

    @rule(by=somebody)
    def post(self, by: int) -> None:
        post_id = self.run(self.world.post(self.people[by]))
        self.model.author[post_id] = by
        self.model.publish(post_id)

    @rule(by=somebody)
    def post_what_is_not_processed_yet(self, by: int) -> None:
        picture = self.run(self.world.picture(self.people[by], status="PROCESSING"))
        post_id = self.run(self.world.post(self.people[by], mediaIds=[picture]))
        self.model.author[post_id] = by
        self.pictures[post_id] = picture

    @precondition(lambda self: self.pictures)
    @rule(which=one_of_them)
    def publish_late(self, which: int) -> None:
        post_id = list(self.pictures)[which % len(self.pictures)]
        self.run(self.world.finish(self.pictures.pop(post_id)))
        self.model.publish(post_id)

    @precondition(lambda self: self.model.author)
    @rule(which=one_of_them, viewer=somebody)
    def delete(self, which: int, viewer: int) -> None:
        post_id = list(self.model.author)[which % len(self.model.author)]
        self.run(self.world.delete(self.people[self.model.author.pop(post_id)], post_id))
        self.pictures.pop(post_id, None)
        self.note_change()
        self.read(viewer)

    @rule(follower=somebody, followee=somebody)
    def follow(self, follower: int, followee: int) -> None:
        if follower != followee:
            self.run(self.world.follow(self.people[follower], self.people[followee]))
            self.model.follows.add((follower, followee))
            self.read(follower)

    @precondition(lambda self: self.model.follows)
    @rule(which=one_of_them)
    def unfollow(self, which: int) -> None:
        follower, followee = sorted(self.model.follows)[which % len(self.model.follows)]
        self.run(self.world.unfollow(self.people[follower], self.people[followee]))
        self.model.follows.discard((follower, followee))
        self.note_change()
        self.read(follower)

    @rule()
    def run_jobs(self) -> None:
        self.run(self.world.run_jobs())

    def note_change(self) -> None:
        for walk in self.walks:
            walk.constant &= set(self.model.feed(walk.viewer))

    # ------------------------------------------------------------------------------------ what they then see

    @rule(viewer=somebody)
    def read(self, viewer: int) -> None:
        assert self.run(self.world.feed(self.people[viewer])) == self.model.feed(viewer)

    @rule(viewer=somebody, first=st.integers(1, 4))
    def begin_to_walk(self, viewer: int, first: int) -> None:
        self.walks.append(Walk(viewer, first, set(self.model.feed(viewer))))
        self.walk_on(-1)

    @precondition(lambda self: self.walks)
    @rule(which=one_of_them)
    def walk_on(self, which: int) -> None:
        """The next page is V below the last, cut at `first`; there is another exactly when more of V is below it."""
        walk = self.walks[which % len(self.walks)]
        place = self.model.published[walk.served[-1]] if walk.served else len(self.model.published)
        below = [post for post in self.model.feed(walk.viewer) if self.model.published[post] < place]
        page = self.run(self.world.page(self.people[walk.viewer], first=walk.first, after=walk.after))
        assert [edge["node"]["id"] for edge in page["edges"]] == below[: walk.first]
        assert page["pageInfo"]["hasNextPage"] == (len(below) > walk.first)
        walk.served += below[: walk.first]
        walk.after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            self.walks.remove(walk)
            assert walk.constant <= set(walk.served)
            assert len(walk.served) == len(set(walk.served))

    def teardown(self) -> None:
        while self.walks:
            self.walk_on(0)
        for user, person in enumerate(self.people):
            self.read(user)
            profile = self.run(self.world.ask(None, PROFILE, id=person.id))["node"]
            posts = self.model.posts_of({user})
            assert [edge["node"]["id"] for edge in profile["posts"]["edges"]] == posts
            assert profile["postCount"] == len(posts)
            assert profile["followerCount"] == sum(followee == user for _, followee in self.model.follows)
            assert profile["followingCount"] == sum(follower == user for follower, _ in self.model.follows)


@runs(short=(10, 40), long=(400, 60))
async def test_feeds_are_what_the_model_says_whatever_happens(world: World, run: Run) -> None:
    await drive(Feeds, world, run)
