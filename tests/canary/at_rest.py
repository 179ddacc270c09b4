"""After a run, when all jobs are done: every viewer's every way shows what the model says, no more and no less."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from stores.postgres.tables import comment_likes, likes, saves
from tests.canary import asked
from tests.canary.model import Thing
from tests.canary.run import Run
from tests.canary.standing import Standing
from tests.canary.told import inbox_is_right
from tests.faults.checks import counts_are_rows, feeds_are_right
from tests.world import World, row_id

IDS_AT_ONCE = 100
STATES = """query ($ids: [ID!]!) {
    nodes(ids: $ids) { ... on User { id isPrivate viewerFollowState viewerHasMuted } }
    viewer { blockedUsers(first: 100) { edges { node { id } } } }
}"""
IDS = "edges { node { id } } pageInfo { hasNextPage }"
PROFILES = f"""query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on User {{ id displayName bio
    posts(first: 100) {{ {IDS} }} followers(first: 100) {{ {IDS} }} following(first: 100) {{ {IDS} }}
}} }} }}"""
THINGS = f"""query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id
    ... on Post {{ caption media {{ id altText url }} mentions {{ id }}
        comments(first: 100) {{ {IDS} }} likers(first: 100) {{ {IDS} }} }}
    ... on Comment {{ text post {{ id }} author {{ id }} }}
    ... on Media {{ altText url }}
}} }}"""
PAGES = {
    way: query.replace("first: 10", "first: 100").replace("first: 20, after", "first: 100, after")
    for way, query in asked.READ.items()
}
"""As large as they may be."""
OWN_LISTS = {"requests": "followRequests", "muted": "mutedUsers", "blocked": "blockedUsers"}


async def all_is_as_the_model_says(run: Run) -> None:
    await found_out(run)
    for number, viewer in enumerate([*run.model.people, None]):
        process = run.processes[number % len(run.processes)]
        await profiles_are_right(run, process, viewer)
        await things_are_right(run, process, viewer)
        await is_listed(run, process, viewer, "hashtag", alive(run.model.posts.values()))
        if viewer is not None:
            await own_ways_are_right(run, process, viewer)
    await counts_are_rows(run.processes[0])
    await feeds_are_right(run.processes[-1], run.people)


async def found_out(run: Run) -> None:
    """Which of the states that are possible all are in, as the API says; of what it hides, as the rows do."""
    answers = [await states_of(run, viewer) for viewer in run.model.people]
    for viewer, (_, blocked) in enumerate(answers):
        for owner in run.model.people:
            if owner != viewer:
                is_blocked, node = viewer in answers[owner][1], answers[viewer][0][owner]
                is_private = answers[owner][0][owner]["isPrivate"]
                assert (node is None) == (owner in blocked or is_blocked)
                follow = node["viewerFollowState"] if node else "NONE"
                mutes = [node["viewerHasMuted"]] if node else [False, True]
                found = [Standing(is_private, follow, owner in blocked, is_blocked, muted) for muted in mutes]
                assert is_private or follow != "REQUESTED", "a request to a public account is left"
                run.model.standings[viewer, owner].found(found)
    for owner in run.model.people:
        run.model.standings[None, owner].found([Standing(answers[owner][0][owner]["isPrivate"])])
    await marks_found_out(run)


async def states_of(run: Run, viewer: int) -> tuple[list[Any], set[int]]:
    """Everybody as a viewer sees him; and whom he has blocked."""
    ids = [person.id for person in run.people]
    process = run.processes[viewer % len(run.processes)]
    data = await process.ask(run.people[viewer], STATES, ids=ids)
    return data["nodes"], {ids.index(id_) for id_ in ids_of(data["viewer"]["blockedUsers"])}


async def marks_found_out(run: Run) -> None:
    rows: dict[str, set[tuple[int, int]]] = {}
    async with run.processes[0].app.deps.database.read() as connection:
        liked = await connection.execute(select(likes.c.post_id, likes.c.user_id))
        rows["like"] = {(thing, user) for thing, user in liked}
        liked = await connection.execute(select(comment_likes.c.comment_id, comment_likes.c.user_id))
        rows["like"] |= {(thing, user) for thing, user in liked}
        rows["save"] = {
            (thing, user) for thing, user in await connection.execute(select(saves.c.post_id, saves.c.user_id))
        }
    for thing in alive([*run.model.posts.values(), *run.model.comments.values()]):
        for (kind, person), mark in thing.marks.items():
            mark.found([(row_id(thing.id), run.people[person].row_id) in rows[kind]])


async def profiles_are_right(run: Run, process: World, viewer: int | None) -> None:
    model = run.model
    for chunk in chunks([person.id for person in run.people], IDS_AT_ONCE):
        nodes = (await run.ask(process, viewer, "profile", PROFILES, ids=chunk))["nodes"]
        for owner, node in ((place_of(run, id_), node) for id_, node in zip(chunk, nodes, strict=True)):
            sees_card, sees_content = model.sees(viewer, "card", owner), model.sees(viewer, "content", owner)
            assert (node is not None) == sees_card
            if node is None:
                continue
            assert (node["bio"] is not None) == sees_content
            if not sees_content:
                assert (node["posts"], node["followers"], node["following"]) == (None, None, None)
                continue
            own = [post for post in alive(model.posts.values()) if post.owner == owner]
            followers = [one for one in model.people if one != owner and follows(run, one, owner)]
            followed = [one for one in model.people if one != owner and follows(run, owner, one)]
            assert sorted(ids_of(node["posts"])) == sorted(post.id for post in own)
            assert sorted(ids_of(node["followers"])) == cards(run, viewer, followers)
            assert sorted(ids_of(node["following"])) == cards(run, viewer, followed)


async def things_are_right(run: Run, process: World, viewer: int | None) -> None:
    """Each post, comment and picture by its id, those that are gone too."""
    posts, comments = run.model.posts, run.model.comments
    wanted = {**posts, **comments, **{post.media: post for post in posts.values()}}
    for chunk in chunks(list(wanted), IDS_AT_ONCE):
        nodes = (await run.ask(process, viewer, "things", THINGS, ids=chunk))["nodes"]
        for id_, node in zip(chunk, nodes, strict=True):
            assert (node is not None) == sees(run, viewer, wanted[id_]), (viewer, id_, node)
            if node is not None and id_ in posts:
                post_is_right(run, viewer, posts[id_], node)


def post_is_right(run: Run, viewer: int | None, post: Thing, node: Any) -> None:
    on = [one for one in alive(run.model.comments.values()) if one.post is post and sees(run, viewer, one)]
    likers = [person for (kind, person), mark in post.marks.items() if kind == "like" and mark.states == {True}]
    assert sorted(ids_of(node["comments"])) == sorted(one.id for one in on)
    assert sorted(ids_of(node["likers"])) == cards(run, viewer, likers)
    assert [user["id"] for user in node["mentions"]] == cards(run, viewer, post.mentioned)
    assert [picture["id"] for picture in node["media"]] == [post.media]


async def own_ways_are_right(run: Run, process: World, viewer: int) -> None:
    model, posts = run.model, alive(run.model.posts.values())
    in_feed = [post for post in posts if model.sees(viewer, "feed", post.owner)]
    saved = [post for post in posts if ("save", viewer) in post.marks and post.marks["save", viewer].states == {True}]
    await is_listed(run, process, viewer, "feed", in_feed)
    await is_listed(run, process, viewer, "saved", saved)
    others = [other for other in model.people if other != viewer]
    to = {other: model.standing(viewer, other) for other in others}
    own_lists = {
        "requests": [other for other in others if model.standing(other, viewer).follow == "REQUESTED"],
        "muted": [other for other in others if to[other].mutes and not to[other].are_apart],
        "blocked": [other for other in others if to[other].blocks],
    }
    for way, people in own_lists.items():
        query = f"{{ viewer {{ {OWN_LISTS[way]}(first: 100) {{ edges {{ node {{ {asked.CARD} }} }} }} }} }}"
        data = await run.ask(process, viewer, way, query)
        assert sorted(ids_of(data["viewer"][OWN_LISTS[way]])) == sorted(run.people[one].id for one in people)
    inbox_is_right(run, viewer, in_feed, await walked(run, process, viewer, "notifications"))


async def is_listed(run: Run, process: World, viewer: int | None, way: str, posts: Sequence[Thing]) -> None:
    """All pages of a list together are those of these posts that the viewer may see, each once."""
    found = [node["id"] for node in await walked(run, process, viewer, way)]
    assert sorted(found) == sorted(post.id for post in posts if sees(run, viewer, post)), (way, viewer)


async def walked(run: Run, process: World, viewer: int | None, way: str) -> list[Any]:
    nodes: list[Any] = []
    after, has_next = None, True
    while has_next:
        page = await run.ask(process, viewer, way, PAGES[way], after=after)
        while "edges" not in page:
            page = next(iter(page.values()))
        nodes += [edge["node"] for edge in page["edges"]]
        after, has_next = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return nodes


def sees(run: Run, viewer: int | None, thing: Thing) -> bool:
    if thing.is_gone:
        return False
    if thing.post is not None:
        return sees(run, viewer, thing.post) and run.model.sees(viewer, "card", thing.owner)
    return run.model.sees(viewer, "content", thing.owner)


def follows(run: Run, viewer: int, owner: int) -> bool:
    return run.model.standing(viewer, owner).follow == "FOLLOWING"


def alive(things: Iterable[Thing]) -> list[Thing]:
    return [thing for thing in things if not thing.is_gone]


def cards(run: Run, viewer: int | None, people: Iterable[int]) -> list[str]:
    """The ids of those of them whose cards the viewer may see."""
    return sorted(run.people[one].id for one in people if run.model.sees(viewer, "card", one))


def ids_of(connection: Any) -> list[str]:
    assert not connection.get("pageInfo", {}).get("hasNextPage"), "this list is longer than a page"
    return [edge["node"]["id"] for edge in connection["edges"]]


def place_of(run: Run, id_: str) -> int:
    return next(place for place, person in enumerate(run.people) if person.id == id_)


def chunks(ids: Sequence[str], size: int) -> list[list[str]]:
    return [list(ids[begin : begin + size]) for begin in range(0, len(ids), size)]
