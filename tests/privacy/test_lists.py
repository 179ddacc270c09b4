"""Lists leave out whom and what their viewer may not see, are filled up with the next, and counts count all rows."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from rules.node_ids import encode
from tests.privacy.matrix import KINDS
from tests.privacy.town import COMERS, NAMES, OWNERS, Town
from tests.world import row_id

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("privacy")]

READERS = [*NAMES, None]
"""Whoever asks; None is signed out."""
Judge = Callable[[str | None, str], bool]


class List(NamedTuple):
    """`rows`: the ids of whose things stand in it and of the things, in order, whoever may see them."""

    path: tuple[str, ...]
    total: tuple[str, ...] | None
    query: str
    rows: str
    type_name: str
    judge: Callable[[Town], Judge]


CARD: Callable[[Town], Judge] = lambda town: town.sees_card  # noqa: E731
CONTENT: Callable[[Town], Judge] = lambda town: town.sees_content  # noqa: E731
PAGE = "(first: $first, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }"
ASKED = "query ($of: ID!, $first: Int, $after: String) "
OF_POST = {
    "comments": "select author_id || ' ' || id from comments where post_id = :of order by place desc",
    "likers": "select user_id || ' ' || user_id from likes where post_id = :of order by id desc",
}
OF_USER = {
    "followers": "select follower_id || ' ' || follower_id from follows where followee_id = :of order by id desc",
    "following": "select followee_id || ' ' || followee_id from follows where follower_id = :of order by id desc",
    "posts": "select author_id || ' ' || id from posts where author_id = :of and feed_id > 0 order by feed_id desc",
}
COUNTS = {
    "comments": "commentCount",
    "likers": "likeCount",
    "followers": "followerCount",
    "following": "followingCount",
    "posts": "postCount",
}
HARBOUR = """select author_id || ' ' || id from posts where 'harbour' = any(hashtags) and feed_id > 0
  order by feed_id desc"""
LISTS = {
    **{
        name: List(
            ("it", name),
            ("it", COUNTS[name]),
            f"{ASKED} {{ it: post(id: $of) {{ {COUNTS[name]} {name} {PAGE} }} }}",
            rows,
            "Comment" if name == "comments" else "User",
            CARD,
        )
        for name, rows in OF_POST.items()
    },
    **{
        name: List(
            ("it", name),
            ("it", COUNTS[name]),
            f"{ASKED} {{ it: node(id: $of) {{ ... on User {{ {COUNTS[name]} {name} {PAGE} }} }} }}",
            rows,
            "Post" if name == "posts" else "User",
            CONTENT if name == "posts" else CARD,
        )
        for name, rows in OF_USER.items()
    },
}
HASHTAG = List(
    ("it", "posts"),
    ("it", "postCount"),
    f'query ($first: Int, $after: String) {{ it: hashtag(name: "harbour") {{ postCount posts {PAGE} }} }}',
    HARBOUR,
    "Post",
    CONTENT,
)
MENTIONS = "query ($of: ID!) { post(id: $of) { mentions { id } } }"


async def expected(town: Town, what: List, viewer: str | None, **values: object) -> tuple[list[str], int]:
    """The ids that the viewer may see, and how many there are in all."""
    rows = [[int(part) for part in row.split()] for row in await town.rows(what.rows, **values)]
    judge = what.judge(town)
    seen = [encode(what.type_name, thing) for whose, thing in rows if judge(viewer, town.name_of(whose))]
    return seen, len(rows)


async def walked(town: Town, what: List, viewer: str | None, first: int, **given: Any) -> tuple[list[str], Any]:
    """All pages, none of which is short but the last; and the count."""
    ids: list[str] = []
    after, has_next, count = None, True, None
    while has_next:
        answer = await town.data(viewer, what.query, first=first, after=after, **given)
        page, count = at(answer, what.path), what.total and at(answer, what.total)
        found = [edge["node"]["id"] for edge in page["edges"]]
        after, has_next = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert len(found) == first or not has_next
        ids += found
    return ids, count


def at(answer: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        answer = answer[step]
    return answer


@pytest.mark.parametrize("caches", ["cold", "warm"])
@pytest.mark.parametrize("viewer", READERS)
@pytest.mark.parametrize("whose", ["nora", *OWNERS.values()])
@pytest.mark.parametrize("name", LISTS)
async def test_a_list(town: Town, name: str, whose: str, viewer: str | None, caches: str) -> None:
    await town.turn(caches)
    of, needed = LISTS[name], town.sees_card if name in OF_USER else town.sees_content
    id_ = town.people[whose].id if name in OF_USER else town.posts[whose]
    if not needed(viewer, whose):
        assert await town.data(viewer, of.query, of=id_, first=1, after=None) == {"it": None}
        return
    if not town.sees_content(viewer, whose):
        answer = await town.data(viewer, of.query, of=id_, first=1, after=None)
        assert at(answer, of.path) is None
        return
    seen, count = await expected(town, of, viewer, of=row_id(id_))
    for first in (3, 100):
        assert await walked(town, of, viewer, first, of=id_) == (seen, count)


@pytest.mark.parametrize("caches", ["cold", "warm"])
@pytest.mark.parametrize("viewer", READERS)
async def test_the_posts_of_a_hashtag(town: Town, viewer: str | None, caches: str) -> None:
    await town.turn(caches)
    seen = await expected(town, HASHTAG, viewer)
    for first in (1, 100):
        assert await walked(town, HASHTAG, viewer, first) == seen


@pytest.mark.parametrize("viewer", READERS)
@pytest.mark.parametrize("whose", ["nora", *OWNERS.values()])
async def test_who_is_mentioned(town: Town, whose: str, viewer: str | None) -> None:
    answer = await town.data(viewer, MENTIONS, of=town.posts[whose])
    named = ["pam", "pat", "fran"] if whose == "nora" else COMERS
    if town.sees_content(viewer, whose):
        seen = [town.people[name].id for name in named if town.sees_card(viewer, name)]
        assert answer["post"]["mentions"] == [{"id": id_} for id_ in seen]
    else:
        assert answer == {"post": None}


OWN = {
    "savedPosts": (
        "select p.author_id || ' ' || p.id from saves s join posts p on p.id = s.post_id where s.user_id = :of"
        " order by s.id desc",
        "Post",
        CONTENT,
    ),
    "followRequests": (
        "select requester_id || ' ' || requester_id from follow_requests where requestee_id = :of order by id desc",
        "User",
        CARD,
    ),
    "mutedUsers": ("select muted_id || ' ' || muted_id from mutes where muter_id = :of order by id desc", "User", CARD),
    "blockedUsers": (
        "select blocked_id || ' ' || blocked_id from blocks where blocker_id = :of order by id desc",
        "User",
        lambda town: lambda viewer, whose: True,
    ),
}


@pytest.mark.parametrize("caches", ["cold", "warm"])
@pytest.mark.parametrize("viewer", NAMES)
@pytest.mark.parametrize("name", [name for name in OWN if name != "blockedUsers"])
async def test_a_list_of_ones_own(town: Town, name: str, viewer: str, caches: str) -> None:
    await town.turn(caches)
    of = own_list(name)
    seen, _ = await expected(town, of, viewer, of=town.people[viewer].row_id)
    for first in (1, 100):
        assert (await walked(town, of, viewer, first))[0] == seen


@pytest.mark.parametrize("viewer", NAMES)
async def test_whom_one_has_blocked_is_found_there_and_shows_his_card(town: Town, viewer: str) -> None:
    query = "{ viewer { blockedUsers { edges { node { username bio posts { edges { cursor } } } } } } }"
    reply = (await town.world.reply(town.people[viewer], query)).json()  # those who are blocked are no canaries here
    found = [edge["node"] for edge in reply["data"]["viewer"]["blockedUsers"]["edges"]]
    seen, _ = await expected(town, own_list("blockedUsers"), viewer, of=town.people[viewer].row_id)
    assert [town.people[user["username"]].id for user in found] == seen
    assert all(user["bio"] is None and user["posts"] is None for user in found)


def own_list(name: str) -> List:
    rows, type_name, judge = OWN[name]
    query = f"query ($first: Int, $after: String) {{ viewer {{ {name} {PAGE} }} }}"
    return List(("viewer", name), None, query, rows, type_name, judge)


FEED = List(
    ("viewer", "feed"),
    None,
    f"query ($first: Int, $after: String) {{ viewer {{ feed {PAGE} }} }}",
    "select author_id || ' ' || id from posts where feed_id > 0 order by feed_id desc",
    "Post",
    lambda town: lambda viewer, author: town.is_in_feed(str(viewer), author),
)


@pytest.mark.parametrize("caches", ["cold", "warm"])
@pytest.mark.parametrize("viewer", NAMES)
async def test_the_home_feed(town: Town, viewer: str, caches: str) -> None:
    """A timeline that still holds what may not be seen any more is asked, and shows none of it."""
    seen, _ = await expected(town, FEED, viewer)
    for first in (1, 100):
        await town.turn(caches)
        before = town.world.app.deps.tally.feed_reads["cold"]
        assert (await town.data(viewer, FEED.query, first=100, after=None))["viewer"]["feed"]["edges"] == [
            {"node": {"id": id_}} for id_ in seen
        ]
        assert (town.world.app.deps.tally.feed_reads["cold"] > before) == (caches == "cold")
        assert (await walked(town, FEED, viewer, first))[0] == seen


INBOX = """{ viewer { notifications(first: 100) { edges { node {
  id kind actors { id username displayName } actorCount post { id caption author { username } }
  comment { id text author { username } post { id } }
} } } } }"""
STORED = """select n.id || ' ' || n.kind || ' ' || coalesce(n.post_id, 0) || ' ' || coalesce(n.comment_id, 0) || ' ' ||
  (select string_agg(cast(a.actor_id as text), ',' order by a.place desc) from activities a
   where a.notification_id = n.id and not a.is_undone)
  from notifications n where n.recipient_id = :of and n.place > 0 order by n.place desc"""


@pytest.mark.parametrize("caches", ["cold", "warm"])
@pytest.mark.parametrize("viewer", NAMES)
async def test_notifications(town: Town, viewer: str, caches: str) -> None:
    """Entries name actors of whom one is told, and things that one may see; others are absent."""
    await town.turn(caches)
    entries = [edge["node"] for edge in (await town.data(viewer, INBOX))["viewer"]["notifications"]["edges"]]
    found = {entry["id"]: [user["username"] for user in entry["actors"]] for entry in entries}
    stored = {id_: actors for id_, actors in found.items() if "NEW_POST" not in kinds_of(entries, id_)}
    new_posts = {actor for id_, actors in found.items() if id_ not in stored for actor in actors}
    assert stored == await told(town, viewer)
    assert new_posts == {author for author in town.posts if author != viewer and town.is_in_feed(viewer, author)}


def kinds_of(entries: list[Any], id_: str) -> set[str]:
    return {entry["kind"] for entry in entries if entry["id"] == id_}


async def told(town: Town, viewer: str) -> dict[str, list[str]]:
    """The stored entries that the viewer may see, and those of their latest three actors of whom he is told."""
    seen: dict[str, list[str]] = {}
    for row in await town.rows(STORED, of=town.people[viewer].row_id):
        id_, _, post, comment, actor_ids = row.split(" ")
        actors = [town.name_of(int(actor)) for actor in actor_ids.split(",")[:3]]
        actors = [actor for actor in actors if town.is_told(viewer, actor)]
        if actors and await is_seen(town, viewer, int(post), int(comment)):
            seen[encode("Notification", int(id_))] = actors
    return seen


async def is_seen(town: Town, viewer: str, post: int, comment: int) -> bool:
    """Both, where there are such."""
    if post and not town.sees_content(viewer, town.author_of(post)):
        return False
    if not comment:
        return True
    [author] = await town.rows("select author_id from comments where id = :id", id=comment)
    [on] = await town.rows("select post_id from comments where id = :id", id=comment)
    return town.sees_card(viewer, town.name_of(author)) and town.sees_content(viewer, town.author_of(on))


@pytest.mark.parametrize("kind", KINDS)
async def test_counts_are_the_same_for_all_who_see_the_card(town: Town, kind: str) -> None:
    owner = town.accounts[kind].owner
    query = f'{{ user(username: "{owner}") {{ postCount followerCount followingCount }} }}'
    counts = [await town.data(viewer, query) for viewer in READERS if town.sees_card(viewer, owner)]
    assert counts == [counts[0]] * len(counts)
