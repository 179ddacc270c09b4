"""What somebody is told, at rest.

Everything there is so, of people of whom he is told, about what he may see. And what is so is there, but for what
people did of whom one has ever muted or blocked the other: some of that he was never told.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.canary.model import Thing
from tests.canary.run import Run

ACTORS_SHOWN = 3
Subject = tuple[str, str]
"""The kind, and the id of the post or comment; of none, where it is about the recipient."""


def inbox_is_right(run: Run, viewer: int, in_feed: Sequence[Thing], entries: Sequence[Any]) -> None:
    facts: dict[Subject, set[int]] = defaultdict(set)
    for subject, actor in happened(run, viewer):
        facts[subject].add(actor)
    places = {person.id: place for place, person in enumerate(run.people)}
    shown: dict[Subject, set[int]] = defaultdict(set)
    for entry in entries:
        shown[subject_of(entry)] |= {places[actor["id"]] for actor in entry["actors"]}
    new = {actor for (kind, _), actors in shown.items() if kind == "NEW_POST" for actor in actors}
    assert new == {post.owner for post in in_feed if post.owner != viewer}
    for subject, actors in shown.items():
        assert all(run.model.sees(viewer, "told", actor) for actor in actors), (viewer, subject)
        assert subject[0] == "NEW_POST" or actors <= facts[subject], (viewer, subject, actors, facts[subject])
    nothing_is_missing(run, viewer, facts, shown)


def nothing_is_missing(
    run: Run, viewer: int, facts: Mapping[Subject, set[int]], shown: Mapping[Subject, set[int]]
) -> None:
    for (kind, thing), actors in facts.items():
        owed = {actor for actor in actors if (viewer, actor) not in run.model.once_silent}
        if kind != "FOLLOW_ACCEPTED" and len(actors) <= ACTORS_SHOWN and is_seen(run, viewer, thing):
            assert owed <= shown.get((kind, thing), set()), (viewer, kind, thing, owed)


def is_seen(run: Run, viewer: int, thing_id: str) -> bool:
    thing = {**run.model.posts, **run.model.comments}.get(thing_id)
    if thing is None:
        return True
    if thing.post is not None and not run.model.sees(viewer, "content", thing.post.owner):
        return False
    return run.model.sees(viewer, "card" if thing.post else "content", thing.owner)


def subject_of(entry: Any) -> Subject:
    about = entry["comment"] if entry["comment"] and entry["kind"] != "POST_COMMENTED" else entry["post"]
    return entry["kind"], about["id"] if about else ""


def happened(run: Run, viewer: int) -> Iterator[tuple[Subject, int]]:
    """What others did that he may be told of, and who did."""
    for other in run.model.people:
        if other != viewer:
            to_viewer, to_other = run.model.standing(other, viewer), run.model.standing(viewer, other)
            if to_viewer.follow != "NONE":
                yield ("FOLLOW" if to_viewer.follow == "FOLLOWING" else "FOLLOW_REQUEST", ""), other
            if to_other.follow == "FOLLOWING":
                yield ("FOLLOW_ACCEPTED", ""), other
    for post in run.model.posts.values():
        if not post.is_gone:
            yield from _of_likes("POST_LIKED", viewer, post)
            if viewer in post.mentioned and viewer != post.owner:
                yield ("MENTION", post.id), post.owner
    for comment in run.model.comments.values():
        if not comment.is_gone and comment.post is not None:
            yield from _of_likes("COMMENT_LIKED", viewer, comment)
            if comment.owner != viewer and comment.post.owner == viewer:
                yield ("POST_COMMENTED", comment.post.id), comment.owner
            elif comment.owner != viewer and viewer in comment.mentioned:
                yield ("MENTION", comment.id), comment.owner


def _of_likes(kind: str, viewer: int, thing: Thing) -> Iterator[tuple[Subject, int]]:
    for (mark, liker), tracked in thing.marks.items():
        if thing.owner == viewer != liker and mark == "like" and tracked.states == {True}:
            yield (kind, thing.id), liker
