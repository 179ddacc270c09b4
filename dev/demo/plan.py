"""Who of the demo follows whom, and who posts which of dev.pictures' pictures: always the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from dev.demo.subjects import SUBJECTS
from dev.pictures import SCENES, Person
from services.posting import Place

FOLLOWED_BY_FIRST = 12  # the one whom newcomers log in as has much to see
FOLLOWED = range(3, 10)
PICTURES_EACH = {1: 17, 2: 4, 3: 2, 4: 1}  # parts of the posts
WITH_MENTION, WITH_PLACE = 0.2, 0.4


@dataclass(frozen=True)
class Plan:
    author: Person
    pictures: list[int]
    mentioned: Person | None
    place: Place | None


def follows(cast: Sequence[Person]) -> list[tuple[Person, Person]]:
    """Follower and followee. The first ones are followed by most."""
    rng, chosen = Random("follows"), []
    for follower in cast:
        count = FOLLOWED_BY_FIRST if follower == cast[0] else rng.choice(FOLLOWED)
        keys = {person: rng.random() ** (rank + 4) for rank, person in enumerate(cast) if person != follower}
        chosen += [(follower, followee) for followee in sorted(keys, key=keys.__getitem__, reverse=True)[:count]]
    return chosen


def posts(cast: Sequence[Person], pictures: int) -> list[Plan]:
    """Every picture in one post, in the order of publication; together are only pictures of the same kind."""
    rng, left = Random("posts"), dict.fromkeys(range(pictures))
    plans = []
    while left:
        kind = next(iter(left)) % len(SCENES)
        [count] = rng.choices(list(PICTURES_EACH), list(PICTURES_EACH.values()))
        alike = [number for number in left if number % len(SCENES) == kind][:count]
        for number in alike:
            del left[number]
        plans.append(_plan(rng, cast, alike))
    return plans


def _plan(rng: Random, cast: Sequence[Person], pictures: list[int]) -> Plan:
    scene = SCENES[pictures[0] % len(SCENES)][0].__name__
    author = rng.choice([person for person in cast if _shows(person, scene)] or cast)
    others = [person for person in cast if person != author]
    mentioned = rng.choice(others) if others and rng.random() < WITH_MENTION else None
    at_home = _shows(author, scene) and rng.random() < WITH_PLACE
    return Plan(author, pictures, mentioned, SUBJECTS[author.username].place if at_home else None)


def _shows(person: Person, scene: str) -> bool:
    return person.username in SUBJECTS and scene in SUBJECTS[person.username].scenes
