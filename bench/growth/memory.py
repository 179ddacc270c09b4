"""What an API process holds while it answers: feed pages of many, profiles, cheap requests, new documents, refusals."""

import random
from collections.abc import Iterator, Sequence
from statistics import linear_regression
from time import monotonic
from typing import NamedTuple

from bench.clients import answers, connected, request
from bench.feed.asking import PAGE, QUERY
from bench.growth.worlds import Readers
from bench.operations import PROFILE
from bench.processes import Api
from bench.usage import resident_bytes

IN_FLIGHT = 16
SLICE = 2_000
"""Requests between two looks at the memory."""
LEAST_SAMPLES = 3
"""For a line through the last half of them."""
SHARES = {"feed": 5, "profile": 3, "new document": 2, "refused": 1, "cheap": 89}
"""Of a hundred requests. A process keeps 500 documents: with these, new ones come to replace others."""
CHEAP = "{ viewer { id user { username } } }"
REFUSED = "{ viewer { nothing%d } }"
NEW = "query Named%d { viewer { id } }"


class Sample(NamedTuple):
    requests: int
    resident_bytes: int


async def sampled(readers: Readers, api: Api, requests: int, minutes: float) -> list[Sample]:
    """Of a process from its start on; fewer requests where the time is over, but at least LEAST_SAMPLES."""
    deadline, asked = monotonic() + 60 * minutes, _mixed(readers)
    samples = [Sample(0, resident_bytes(api.pid))]
    while len(samples) < LEAST_SAMPLES or (samples[-1].requests < requests and monotonic() < deadline):
        async with connected(api.port, IN_FLIGHT) as connections:
            found = await answers(connections, [next(asked) for _ in range(SLICE)])
        assert all(found), "an answer without a body"
        samples.append(Sample(samples[-1].requests + SLICE, resident_bytes(api.pid)))
    return samples


def slope(samples: Sequence[Sample]) -> float:
    """Bytes a request, by a straight line through the last half."""
    last = samples[len(samples) // 2 :]
    return linear_regression([one.requests for one in last], [one.resident_bytes for one in last]).slope


def _mixed(readers: Readers) -> Iterator[bytes]:
    """Without end; each by somebody whom chance chooses."""
    chance, number = random.Random(1), 0
    while True:
        number += 1
        token = chance.choice(readers.tokens)
        [kind] = chance.choices(list(SHARES), list(SHARES.values()))
        match kind:
            case "feed":
                yield request(token, QUERY, {"first": PAGE})
            case "profile":
                yield request(token, PROFILE, {"username": chance.choice(readers.world.usernames)})
            case "new document":
                yield request(token, NEW % number, {})
            case "refused":
                yield request(token, REFUSED % number, {})
            case _:
                yield request(token, CHEAP, {})
