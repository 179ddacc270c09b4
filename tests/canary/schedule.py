"""What is done in a run, in which order, and by whom: the same again for the same seed."""

from random import Random
from typing import NamedTuple

CLIENTS = 32
FOLLOWED_FIRST = 3
SCENE = 96
"""So many steps on end are mostly about the same few people: what is read is what changes meanwhile."""
IN_SCENE, HOT = 0.7, 3

CHANGES = {
    "followUser": 12,
    "unfollowUser": 4,
    "acceptFollowRequest": 7,
    "declineFollowRequest": 1,
    "blockUser": 3,
    "unblockUser": 3,
    "muteUser": 2,
    "unmuteUser": 2,
    "go private": 3,
    "go public": 2,
    "publish": 6,
    "comment": 7,
    "likePost": 6,
    "unlikePost": 1,
    "likeComment": 3,
    "unlikeComment": 1,
    "savePost": 3,
    "unsavePost": 1,
    "deletePost": 1,
    "deleteComment": 1,
}
READS = {
    "feed": 8,
    "profile": 8,
    "people": 4,
    "post": 10,
    "things": 8,
    "notifications": 8,
    "hashtag": 4,
    "saved": 3,
    "requests": 2,
    "blocked": 1,
    "muted": 1,
    "feed events": 3,
    "notification events": 3,
    "comment events": 3,
}
OPEN_TO_ALL = {"profile", "people", "post", "things", "hashtag"}
SIGNED_OUT = 0.15


class Step(NamedTuple):
    """`person` does it, or reads (None: signed out); `other`: whom it is about; `which`: of what there is, by modulo.

    A person's changes are one client's, so that they are done in their order. Anybody's reads are any client's.
    """

    client: int
    way: str
    person: int | None
    other: int
    which: int


def beginning(random: Random, people: int) -> list[Step]:
    """Everybody follows some others; half go private; each posts."""
    steps = []
    for person in range(people):
        others = random.sample([one for one in range(people) if one != person], FOLLOWED_FIRST)
        steps += [_change("followUser", person, other, 0) for other in others]
        steps += [_change("go private", person, person, 0)] * (person % 2)
        steps.append(_change("publish", person, others[0], 0))
    return steps


def mixture(random: Random, people: int, count: int) -> list[Step]:
    weights = {**CHANGES, **READS}
    ways = random.choices(list(weights), list(weights.values()), k=count)
    steps: list[Step] = []
    for number, way in enumerate(ways):
        if number % SCENE == 0:
            hot = random.sample(range(people), HOT)
        person, other = _pair(random, people, hot)
        which = random.randrange(2**16)
        if way in CHANGES:
            steps.append(_change(way, person, other, which))
        else:
            is_signed_out = way in OPEN_TO_ALL and random.random() < SIGNED_OUT
            steps.append(Step(random.randrange(CLIENTS), way, None if is_signed_out else person, other, which))
    return steps


def _pair(random: Random, people: int, hot: list[int]) -> tuple[int, int]:
    first, second = random.sample(range(people), 2)
    if random.random() < IN_SCENE:
        first = random.choice(hot)
        second = random.choice([one for one in (*hot, second) if one != first])
    return (first, second) if random.random() < 0.5 else (second, first)


def _change(way: str, person: int, other: int, which: int) -> Step:
    return Step(person % CLIENTS, way, person, other, which)
