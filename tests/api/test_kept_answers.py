"""Answers about posts of a feed are kept as they were serialised, and are at every moment what they would be anew.

The judge is graphql-core, which knows of no kept answers, and whose loaders ask for everything themselves.
"""

import asyncio
import gc
import re
from collections.abc import Sequence
from typing import Any

import pytest
from graphql import parse
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy import text

from execution.stamps import KeptAnswers
from loaders.posts import PostById
from schema.root import schema
from settings import Settings
from stores.postgres.asking import Asks
from tests.api.driving import InWorld, Run, drive, runs
from tests.counting import counting
from tests.execution.comparing import by_core
from tests.processes import another_process
from tests.world import Person, World

PEOPLE, FOLLOWED = 4, 3
USER = "{ id username displayName bio isPrivate viewerIsFollowing viewerHasMuted isViewer }"
PAGE = (
    """query ($comments: Int!) { viewer { feed(first: 5) { edges { cursor node {
  id caption editedAt likeCount commentCount viewerHasLiked viewerHasSaved author """
    + USER
    + """ media { id altText url thumbnail: url(rendition: THUMBNAIL) }
  comments(first: $comments) {
    pageInfo { hasNextPage endCursor } liveCursor
    edges { cursor node { id text viewerCanDelete author { id username displayName bio isPrivate isViewer } } }
  }
} } } } }"""
)
DOCUMENT = parse(PAGE)
PID = text("select pg_backend_pid()")
DEEDS_TO_PEOPLE = [*["followUser", "unblockUser", "unmuteUser"] * 2, "unfollowUser", "blockUser", "muteUser"]
DEEDS_TO_POSTS = [*["likePost", "unlikePost", "savePost", "unsavePost"] * 4, "deletePost"]
DEEDS_TO_COMMENTS = ["likeComment", "unlikeComment", "deleteComment"]

PARTS = {
    "how the viewer stands to the author": r"(?<= )\d+(?= \d+ \d+ \d+ \d+ \d+ \d+ [tf] )",
    "the post's version": r"(?<= )\d+(?= \d+ [tf] )",
    "the author's version": r"\d+(?= [tf] )",
    "whether it is liked": r"[tf](?= [tf] )",
    "whether it is saved": r"[tf](?= \d+\|)",
    "its pictures": r"(?<=\|)[^|]*(?=\|)",
    "its comments": r"(?<=\|)[^|]*$",
}
"""Of a stamp, and where they stand in its text."""

somebody = st.integers(0, PEOPLE - 1)
one_of_them = st.integers(0, 2**16)  # modulo how many there are


class Reading(InWorld):
    @initialize()
    def begin(self) -> None:
        self.people = [self.run(self.world.person()) for _ in range(PEOPLE)]
        self.posts, self.comments, self.number = list[str](), list[str](), 0
        self.pictures = [(author, self.run(self.world.picture(author))) for author in self.people for _ in range(2)]
        for follower in self.people:
            for followee in self.people[:FOLLOWED]:
                if follower is not followee:
                    self.run(self.world.follow(follower, followee))
        for author, picture in self.pictures:
            self.posts.append(self.run(self.world.post(author, mediaIds=[picture])))
            self.comment(by=self.people.index(author), which=len(self.posts) - 1)

    @rule(by=somebody, which=one_of_them)
    def comment(self, by: int, which: int) -> None:
        data = self.deed(by, "addComment", "comment { id }", postId=one(self.posts, which), text=self.text())
        if data["comment"]:
            self.comments.append(data["comment"]["id"])

    @rule(by=somebody, deed=st.sampled_from(DEEDS_TO_PEOPLE), other=somebody)
    def to_somebody(self, by: int, deed: str, other: int) -> None:
        if by != other:
            self.deed(by, deed, userId=self.people[other].id)

    @rule(by=somebody, deed=st.sampled_from(DEEDS_TO_POSTS), which=one_of_them)
    def to_a_post(self, by: int, deed: str, which: int) -> None:
        self.deed(by, deed, postId=one(self.posts, which))

    @rule(by=somebody, deed=st.sampled_from(DEEDS_TO_COMMENTS), which=one_of_them)
    def to_a_comment(self, by: int, deed: str, which: int) -> None:
        self.deed(by, deed, commentId=one(self.comments, which))

    @rule(by=somebody, field=st.sampled_from(["displayName", "bio"]))
    def change_profile(self, by: int, field: str) -> None:
        self.deed(by, "updateProfile", **{field: self.text()})

    @rule(by=somebody, is_private=st.booleans())
    def go(self, by: int, is_private: bool) -> None:
        self.deed(by, "updateProfile", isPrivate=is_private)

    @rule(which=one_of_them)
    def describe_a_picture(self, which: int) -> None:
        author, picture = one(self.pictures, which)
        self.deed(self.people.index(author), "updateMedia", mediaId=picture, altText=self.text())

    @rule(by=somebody, which=one_of_them)
    def edit_a_post(self, by: int, which: int) -> None:
        self.deed(by, "updatePost", postId=one(self.posts, which), caption=self.text())

    @rule()
    def run_jobs(self) -> None:
        self.run(self.world.run_jobs())

    def deed(self, by: int, name: str, selected: str = "", **given: Any) -> Any:
        """Whether it may be done or not; then everybody looks, again and again."""
        kind = name[0].upper() + name[1:]
        mutation = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {selected} userErrors {{ code }} }} }}"
        done = self.run(self.world.payload(self.people[by], mutation, input=given))
        for viewer in self.people[:2] * 3:
            self.run(reads_right(self.world, viewer))
        return done

    def text(self) -> str:
        self.number += 1
        return f"text {self.number}"


@runs(short=(2, 25), long=(60, 50))
async def test_whatever_is_done_a_page_is_what_it_would_be_anew(world: World, run: Run) -> None:
    await drive(Reading, world, run)


@pytest.mark.long
@pytest.mark.parametrize("left_out", PARTS)
async def test_a_stamp_that_leaves_something_out_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    get, add = KeptAnswers.get, KeptAnswers._add
    monkeypatch.setattr(
        KeptAnswers,
        "get",
        lambda answers, selection, stamps: get(answers, selection, [without(left_out, each) for each in stamps]),
    )
    monkeypatch.setattr(
        KeptAnswers,
        "_add",
        lambda answers, selection, stamp, *kept: add(answers, selection, without(left_out, stamp), *kept),
    )
    with pytest.raises(AssertionError):
        await drive(Reading, world, Run(80, 50, is_free=False))


def without(part: str, stamp: str | None) -> str | None:
    """A stamp, of which this part is left out."""
    return stamp and re.sub(PARTS[part], "", stamp, count=1)


@pytest.mark.batches
async def test_a_page_that_is_known_takes_two_statements_and_one_round_trip(world: World) -> None:
    """The session with where the viewer stands; and a look, which says that nothing has changed."""
    ana, ben, eva = [await world.person() for _ in range(3)]
    for viewer in (ana, eva):
        await world.follow(viewer, ben)
    for _ in range(3):
        await world.post(ben)
    for _ in range(3):
        await reads_right(world, ana)
        await world.app.deps.upkeep.done()
    for viewer in (ana, eva):
        await reads_right(world, viewer)
        await world.app.deps.upkeep.done()
        with counting(world) as asked:
            await world.ask(viewer, PAGE, comments=2)
        assert asked.counts == (2, 1)


async def test_what_the_feed_does_not_tell_is_asked_each_time(world: World) -> None:
    ana, ben = await world.person(), await world.person()
    await world.follow(ana, ben)
    await world.post(ben)
    query = "{ viewer { feed { edges { node { author { isFollowingViewer } } } } } }"
    for follows_back in [False] * 3 + [True] * 3:
        if follows_back:
            await world.follow(ben, ana)
        [edge] = (await world.ask(ana, query))["viewer"]["feed"]["edges"]
        assert edge["node"]["author"]["isFollowingViewer"] is follows_back
        await world.app.deps.upkeep.done()


@pytest.mark.parametrize("rows_kept", [0, 3])
async def test_where_hardly_any_rows_are_kept_all_are_shown(world: World, settings: Settings, rows_kept: int) -> None:
    """What a read knows is forgotten while it asks for the rest."""
    ana, ben = await world.person(), await world.person()
    await world.follow(ana, ben)
    posts = [await world.post(ben) for _ in range(5)]
    async with another_process(settings, rows_kept=rows_kept) as process:
        for _ in range(4):
            assert await process.feed(ana) == posts[::-1]
            await process.app.deps.upkeep.done()


async def test_when_connections_were_lost_nothing_is_taken_for_known(world: World) -> None:
    """A replica that was promoted may use a version's number again."""
    ana, ben = await world.person(), await world.person()
    await world.follow(ana, ben)
    await world.post(ben)
    for _ in range(3):
        await reads_right(world, ana)
        await world.app.deps.upkeep.done()
    [pid] = await world.app.deps.database.ask(pids, [0])
    await world.sql("select pg_terminate_backend(:pid)", pid=pid)
    await asyncio.sleep(0.1)
    with counting(world) as asked:
        await world.ask(ana, PAGE, comments=2)
    assert len(asked.statements) > 3


async def pids(connection: Asks, keys: Sequence[int]) -> list[int]:
    """Who answers, whatever is asked."""
    return [pid for [pid] in await connection.execute(PID, {})]


async def reads_right(world: World, viewer: Person) -> None:
    """Compared within one window of signed URLs: in the next one a page shows others."""
    objects, window = world.app.deps.objects, None
    while window != objects.guarded_window:
        window = objects.guarded_window
        context = await world.app.context(viewer.access_token, None, "")
        anew = await by_core(schema, DOCUMENT, {"comments": 2}, context)
        assert anew.errors is None
        kept = await world.ask(viewer, PAGE, comments=2)
    assert kept == anew.data


def one(of: list[Any], which: int) -> Any:
    return of[which % len(of)]


async def test_what_a_page_loaded_is_gone_with_it(world: World) -> None:
    """It need not wait for the garbage collector, which would walk over all that other operations have loaded."""
    ana, ben = await world.person(), await world.person()
    await world.follow(ana, ben)
    await world.post(ben)
    gc.collect()
    gc.disable()
    try:
        await world.ask(ana, PAGE, comments=2)
        await world.app.deps.upkeep.done()
        assert [each for each in gc.get_objects() if isinstance(each, PostById)] == []
    finally:
        gc.enable()
