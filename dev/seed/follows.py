"""Who follows whom: a few are followed by very many, most by some, and some people follow far more than others."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, cycle
from random import Random

from dev.seed.moments import FOLLOWING, id_at, time_at
from dev.seed.people import Person, Reach

APPETITE_SIGMA = 1.0  # of a lognormal distribution: one in a hundred follows six times as many as the average
FAME_OFFSET = 5  # of the Zipf-Mandelbrot law: flattens the top, so that not quite everybody follows the first

COLUMNS = ["follower_id", "followee_id", "id", "ver", "is_pulled", "created_at"]

Followees = Sequence[Sequence[int]]
"""For each person, by number, the numbers of those whom he follows, in the order of following."""


def followees(seed: int, people: int, follows: int) -> Iterator["array[int]"]:
    """One person's after the other's, `follows` in all. There must be room for so many, and nobody follows himself."""
    rng = Random(f"follows {seed}")
    fame = list(accumulate(_fame(rng, people)))
    appetites = [rng.lognormvariate(0, APPETITE_SIGMA) for _ in range(people)]
    for person, count in enumerate(apportioned(appetites, follows, most=people - 1)):
        yield array("I", _others(rng, person, fame, count))


def reaches(of: Followees, *, pull_threshold: int) -> list[Reach]:
    followers = Counter(chain.from_iterable(of))
    return [Reach(followers[n], len(chosen), followers[n] >= pull_threshold) for n, chosen in enumerate(of)]


def rows(seed: int, people: Sequence[Person], of: Followees, reached: Sequence[Reach]) -> Iterator[tuple[object, ...]]:
    """By follower, and of each in the order in which they were made, which is that of their ids."""
    rng = Random(f"times of follows {seed}")
    for number, (follower, chosen) in enumerate(zip(people, of, strict=True)):
        moments = FOLLOWING.some(rng, len(chosen))
        for ver, (moment, other) in enumerate(zip(moments, chosen, strict=True), 1):
            is_pulled, at = reached[other].is_pulled, time_at(moment)
            yield follower.id, people[other].id, id_at(moment, number), ver, is_pulled, at


def apportioned(weights: Sequence[float], total: int, *, most: int) -> list[int]:
    """`total` in shares that are as the weights, as near as whole numbers up to `most` come to it."""
    scale = total / sum(weights)
    shares = [min(most, int(weight * scale)) for weight in weights]
    left, takers = total - sum(shares), cycle(range(len(shares)))
    while left:
        taker = next(takers)
        if shares[taker] < most:
            shares[taker] += 1
            left -= 1
    return shares


def _fame(rng: Random, people: int) -> list[float]:
    """How likely each is to be chosen."""
    fame = [1 / (rank + FAME_OFFSET) for rank in range(1, people + 1)]
    rng.shuffle(fame)
    return fame


def _others(rng: Random, person: int, fame: Sequence[float], count: int) -> Iterator[int]:
    """Different people, who are not this one, in the order in which chance named them."""
    seen = {person}
    everybody = range(len(fame))
    while len(seen) <= count:
        for drawn in rng.choices(everybody, cum_weights=fame, k=count + 1 - len(seen)):
            if drawn not in seen:
                seen.add(drawn)
                yield drawn
