"""Invented people and their accounts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from typing import NamedTuple

from dev.seed.moments import JOINING, id_at, time_at
from dev.seed.words import BIOS, FAMILY, GIVEN, PASTIME
from rules.accounts import skeleton

FORMS = ["{given}.{family}", "{given}_{family}", "{given}{family}", "{given}.{pastime}", "{pastime}_{given}", "{given}"]
NUMBERS = 10_000  # tell those apart who have the same name

USER_COLUMNS = [
    *("id", "username", "username_skeleton", "display_name", "bio"),
    *("follower_count", "following_count", "follow_ver", "fan_out_class", "created_at"),
]
ACCOUNT_COLUMNS = ["id", "email", "email_key", "password_hash"]


class Person(NamedTuple):
    id: int
    username: str
    display_name: str
    bio: str
    created_at: datetime


class Reach(NamedTuple):
    """How many follow, and are followed by, somebody; and whether that makes the feed pull his posts."""

    followers: int
    following: int
    is_pulled: bool


def invented(seed: int, count: int) -> list[Person]:
    """In the order of their ids. No two names look alike."""
    rng = Random(f"people {seed}")
    taken: set[str] = set()
    return [_person(rng, moment, taken) for moment in JOINING.moments(rng, count)]


def user_rows(people: Sequence[Person], reaches: Sequence[Reach]) -> Iterator[tuple[object, ...]]:
    for person, reach in zip(people, reaches, strict=True):
        name, following = person.username, reach.following
        counts = (reach.followers, following, following, "PULL" if reach.is_pulled else "PUSH")
        yield person.id, name, skeleton(name), person.display_name, person.bio, *counts, person.created_at


def account_rows(people: Sequence[Person], password_hash: str) -> Iterator[tuple[object, ...]]:
    """All with the same password."""
    for person in people:
        email = f"{person.username}@example.com"
        yield person.id, email, email, password_hash


def _person(rng: Random, moment: int, taken: set[str]) -> Person:
    given, family, pastimes = rng.choice(GIVEN), rng.choice(FAMILY), rng.sample(PASTIME, 2)
    name = stem = rng.choice(FORMS).format(given=given, family=family, pastime=pastimes[0]).lower()
    while skeleton(name) in taken:
        name = f"{stem}{rng.randrange(NUMBERS)}"
    taken.add(skeleton(name))
    bio = rng.choice(BIOS).format(*pastimes)
    return Person(id_at(moment), name, f"{given} {family}", bio[:1].upper() + bio[1:], time_at(moment))
