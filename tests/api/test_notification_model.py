"""All that people are told of, in any order of deeds and jobs, judged by a model in plain Python: invariant 13.

At rest: one entry for each kind and subject, with exactly those as actors whose deeds are so; none for oneself; unread,
what was told after the mark.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from jobs import running
from stores.postgres.tables import activities
from tests import inboxes
from tests.api.driving import InWorld, Run, drive, runs
from tests.inboxes import DELETE_COMMENT, LIKE_COMMENT, UNLIKE_COMMENT, UPDATE_CAPTION
from tests.world import Person, World, row_id

PEOPLE = 3
POSTS, COMMENTS = 2, 3
"""Few, so that much happens to each."""

somebody = st.integers(0, PEOPLE - 1)
some_of_them = st.sets(somebody, max_size=2)
one_of_them = st.integers(0, 2**16)  # modulo how many there are
and_back = st.lists(st.booleans(), max_size=2)


class Deed(NamedTuple):
    recipient: int
    kind: str
    thing: str
    actor: int


class Entry(NamedTuple):
    """What is compared: of one recipient, told of one subject."""

    kind: str
    post: str | None
    comment_text: str | None


@dataclass
class Post:
    author: int
    mentioned: set[int]
    likers: set[int] = field(default_factory=set)


@dataclass
class Comment:
    text: str
    post: str
    author: int
    mentioned: set[int]
    likers: set[int] = field(default_factory=set)


@dataclass
class Model:
    posts: dict[str, Post] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    follows: set[tuple[int, int]] = field(default_factory=set)

    def deeds(self, recipient: int) -> Iterator[tuple[Deed, Entry]]:
        """What somebody is to be told of, and in which entry; of comments of a post, the entry names the newest."""
        for follower, followee in self.follows:
            if followee == recipient:
                yield Deed(recipient, "FOLLOW", "", follower), Entry("FOLLOW", None, None)
        for id_, post in self.posts.items():
            if post.author == recipient:
                for liker in post.likers - {recipient}:
                    yield Deed(recipient, "POST_LIKED", id_, liker), Entry("POST_LIKED", id_, None)
            elif recipient in post.mentioned:
                yield Deed(recipient, "MENTION", id_, post.author), Entry("MENTION", id_, None)
        for id_, comment in self.comments.items():
            yield from self._of_comment(recipient, id_, comment)

    def _of_comment(self, recipient: int, id_: str, comment: Comment) -> Iterator[tuple[Deed, Entry]]:
        if comment.author == recipient:
            for liker in comment.likers - {recipient}:
                yield Deed(recipient, "COMMENT_LIKED", id_, liker), Entry("COMMENT_LIKED", comment.post, comment.text)
        elif self.posts[comment.post].author == recipient:
            yield Deed(recipient, "POST_COMMENTED", id_, comment.author), Entry("POST_COMMENTED", comment.post, None)
        elif recipient in comment.mentioned:
            yield Deed(recipient, "MENTION", id_, comment.author), Entry("MENTION", comment.post, comment.text)

    def delete_post(self, post_id: str) -> None:
        del self.posts[post_id]
        self.comments = {id_: comment for id_, comment in self.comments.items() if comment.post != post_id}


class Telling(InWorld):
    def __init__(self) -> None:
        super().__init__()
        self.model, self.numbers = Model(), count()
        self.people: list[Person] = [self.run(self.world.person()) for _ in range(PEOPLE)]
        self.told_at_mark: dict[int, set[Deed]] = defaultdict(set)
        self.post(0, set())

    def words(self, mentioned: set[int]) -> str:
        return " ".join(f"@{self.people[who].username}" for who in sorted(mentioned))

    # ------------------------------------------------------------------------------------ what people do

    @precondition(lambda self: len(self.model.posts) < POSTS)
    @rule(by=somebody, mentioned=some_of_them)
    def post(self, by: int, mentioned: set[int]) -> None:
        post_id = self.run(self.world.post(self.people[by], self.words(mentioned)))
        self.model.posts[post_id] = Post(by, mentioned)

    @rule(which=one_of_them, mentioned=some_of_them)
    def edit(self, which: int, mentioned: set[int]) -> None:
        post_id = chosen(self.model.posts, which)
        post = self.model.posts[post_id]
        self.do(post.author, UPDATE_CAPTION, id=post_id, caption=self.words(mentioned))
        post.mentioned = mentioned

    @precondition(lambda self: len(self.model.posts) == POSTS)
    @rule(which=one_of_them)
    def delete(self, which: int) -> None:
        post_id = chosen(self.model.posts, which)
        self.run(self.world.delete(self.people[self.model.posts[post_id].author], post_id))
        self.model.delete_post(post_id)

    @rule(by=somebody, which=one_of_them, back=and_back)
    def like_or_unlike(self, by: int, which: int, back: list[bool]) -> None:
        post_id = chosen(self.model.posts, which)
        likers = self.model.posts[post_id].likers
        for _ in self.with_jobs_between(back):
            self.do(by, inboxes.UNLIKE if by in likers else inboxes.LIKE, id=post_id)
            likers ^= {by}

    @precondition(lambda self: len(self.model.comments) < COMMENTS)
    @rule(by=somebody, which=one_of_them, mentioned=some_of_them)
    def comment(self, by: int, which: int, mentioned: set[int]) -> None:
        post_id, text = chosen(self.model.posts, which), f"{next(self.numbers)} {self.words(mentioned)}"
        comment_id = self.run(inboxes.comment(self.world, self.people[by], post_id, text))
        self.model.comments[comment_id] = Comment(text, post_id, by, mentioned)

    @precondition(lambda self: self.model.comments)
    @rule(which=one_of_them)
    def delete_comment(self, which: int) -> None:
        comment_id = chosen(self.model.comments, which)
        self.do(self.model.comments.pop(comment_id).author, DELETE_COMMENT, id=comment_id)

    @precondition(lambda self: self.model.comments)
    @rule(by=somebody, which=one_of_them, back=and_back)
    def like_or_unlike_comment(self, by: int, which: int, back: list[bool]) -> None:
        comment_id = chosen(self.model.comments, which)
        likers = self.model.comments[comment_id].likers
        for _ in self.with_jobs_between(back):
            self.do(by, UNLIKE_COMMENT if by in likers else LIKE_COMMENT, id=comment_id)
            likers ^= {by}

    @rule(follower=somebody, followee=somebody, back=and_back)
    def follow_or_unfollow(self, follower: int, followee: int, back: list[bool]) -> None:
        if follower != followee:
            for _ in self.with_jobs_between(back):
                act = self.world.unfollow if (follower, followee) in self.model.follows else self.world.follow
                self.run(act(self.people[follower], self.people[followee]))
                self.model.follows ^= {(follower, followee)}

    def with_jobs_between(self, back: list[bool]) -> Iterator[None]:
        """Once, and again for each of `back`: where that is true, after all jobs."""
        yield
        for has_jobs in back:
            if has_jobs:
                self.run(self.world.run_jobs())
            yield

    # ------------------------------------------------------------------------------------ what jobs do

    @rule(which=one_of_them, times=st.integers(1, 2))
    def run_a_job(self, which: int, times: int) -> None:
        due = self.run(self.announced())
        if due:
            job_id = due[which % len(due)]
            self.run(self.at_once([job_id] * times))

    @rule()
    def run_all_jobs_at_once(self) -> None:
        self.run(self.at_once(self.run(self.announced())))

    async def at_once(self, job_ids: list[int]) -> None:
        await asyncio.gather(*(running.run(self.world.app.deps, job_id) for job_id in job_ids))

    async def announced(self) -> list[int]:
        return [job_id for job_id, _ in await self.world.announced()]

    # ------------------------------------------------------------------------------------ what they then see

    @rule(who=somebody)
    def mark_read(self, who: int) -> None:
        self.run(self.world.run_jobs())
        self.run(inboxes.mark_read(self.world, self.people[who]))
        self.told_at_mark[who] = self.run(self.told(who))

    @rule(who=somebody)
    def read(self, who: int) -> None:
        self.run(self.world.run_jobs())
        entries: dict[Entry, set[Deed]] = defaultdict(set)
        for deed, entry in self.model.deeds(who):
            entries[entry].add(deed)
        found = [node for node in self.run(inboxes.nodes(self.world, self.people[who])) if node["kind"] != "NEW_POST"]
        assert len(found) == len(entries)
        for node in found:
            self.compare(node, who, entries)

    def compare(self, node: Any, who: int, entries: dict[Entry, set[Deed]]) -> None:
        kind, _, _, post, text = inboxes.entry(node)
        deeds = entries.pop(Entry(kind, post, None if kind == "POST_COMMENTED" else text))
        actors = {deed.actor for deed in deeds}
        assert {user["username"] for user in node["actors"]} == {self.people[actor].username for actor in actors}
        assert node["actorCount"] == len(actors)
        assert node["isRead"] == (deeds <= self.told_at_mark[who])
        if kind == "POST_COMMENTED":
            assert self.model.comments[node["comment"]["id"]].post == post

    async def told(self, who: int) -> set[Deed]:
        """All that somebody was ever told of and is not gone, undone or not."""
        ids = {row_id(node_id): node_id for node_id in (*self.model.posts, *self.model.comments)}
        index = {person.row_id: number for number, person in enumerate(self.people)}
        keys = select(activities.c.kind, activities.c.thing_id, activities.c.actor_id)
        async with self.world.app.deps.database.read() as connection:
            rows = await connection.execute(keys.where(activities.c.recipient_id == self.people[who].row_id))
        return {Deed(who, kind, ids.get(thing_id, ""), index[actor_id]) for kind, thing_id, actor_id in rows}

    def do(self, who: int, mutation: str, **variables: Any) -> None:
        self.run(self.world.do(self.people[who], mutation, **variables))

    def teardown(self) -> None:
        for who in range(PEOPLE):
            self.read(who)


def chosen(among: dict[str, Any], which: int) -> str:
    """By when it was made: ids are others each time, and in another order."""
    return list(among)[which % len(among)]


@runs(short=(8, 40), long=(300, 60))
async def test_people_are_told_what_the_model_says_whatever_happens(world: World, run: Run) -> None:
    await drive(Telling, world, run)
