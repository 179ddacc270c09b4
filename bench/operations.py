"""The hot reads beside the feed over HTTP, by our executor and by graphql-core: the same schema, resolvers and stores.

python -m bench.operations [--rounds N] [--requests N]
Takes 4 minutes at most.

A profile with its latest 12 posts, a post with 20 comments, the 20 latest notifications. Each executor has a process of
the API to itself; they take turns, once it is clear that they answer alike.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import orjson
import uvloop

from bench import crowd, figures
from bench.clients import answers, connected, request
from bench.gathering import Gathering, gathered
from bench.pairs import ENGINES, Pairs
from bench.processes import Api, started
from bench.running import PATIENT, photofeed
from bench.tables import show
from bench.turns import in_turns
from bench.usage import cpu_s
from rules.node_ids import encode
from settings import Settings

CURSOR, ERRORS = b'"cursor":', b'"errors":'

Measured = tuple[str, int, Pairs]
"""An operation, how many were in flight, and CPU by graphql-core and by our executor."""

IN_FLIGHT = 1, 16
ASKED = 400
"""Different requests of an operation, where there are so many."""

PROFILE = """query Profile($username: String!) { user(username: $username) {
  id username displayName bio isPrivate createdAt postCount followerCount followingCount
  viewerFollowState viewerIsFollowing isFollowingViewer viewerHasBlocked viewerHasMuted isViewer
  posts(first: 12) { pageInfo { hasNextPage endCursor } edges { cursor node {
    id publishedAt likeCount commentCount media { id kind url(rendition: THUMBNAIL) width height blurhash altText }
  } } } } }"""
POST = """query Post($id: ID!) { post(id: $id) {
  id caption hashtags publishedAt likeCount commentCount viewerHasLiked viewerHasSaved
  author { id username displayName viewerIsFollowing }
  media { id kind url width height blurhash altText }
  comments(first: 20) { pageInfo { hasNextPage endCursor } edges { cursor node {
    id text createdAt likeCount viewerHasLiked viewerCanDelete author { id username displayName }
  } } } } }"""
INBOX = """query Inbox { viewer { id notifications(first: 20) {
  pageInfo { hasNextPage endCursor } edges { cursor node {
    id kind actorCount createdAt isRead
    actors { id username displayName }
    post { id media { id url(rendition: THUMBNAIL) blurhash } }
    comment { id text }
  } } } } }"""


class Operation(NamedTuple):
    """`requests`: by many people, of many; each answer lists `entries`."""

    name: str
    entries: int
    requests: Sequence[bytes]


class CoreApi(Api):
    """Graphql-core executes what it is asked."""

    def __init__(self, settings: Settings, log: Path) -> None:
        super().__init__(settings, log)
        self._command = replace(self._command, arguments=[sys.executable, "-m", "bench.core_api"])


async def cpu_us(api: Api, requests: Sequence[bytes], in_flight: int) -> float:
    """Of the process, for one request."""
    async with connected(api.port, in_flight) as connections:
        before = cpu_s(api.pid)
        found = await answers(connections, requests)
        used_s = cpu_s(api.pid) - before
    for answer in found:
        assert ERRORS not in answer, answer
    return 1e6 * used_s / len(requests)


async def main(rounds: int, requests: int) -> None:
    found = []
    async with photofeed(**PATIENT) as bench:
        operations = operations_of(await gathered(bench))
        with both(bench.settings.model_copy(update={"port": 0})) as (core, ours):
            for operation in operations:
                await compare(operation, core, ours)
                taken = list(islice(cycle(operation.requests), requests))
                for in_flight in IN_FLIGHT:
                    pairs = await measured(core, ours, taken, in_flight, rounds)
                    found.append((operation.name, in_flight, pairs))
    tell(found)
    rows = [{"operation": name, "in_flight": in_flight} | pairs.row(*ENGINES) for name, in_flight, pairs in found]
    figures.write("operations", rows, rounds=rounds, requests=requests)


def tell(measured: Sequence[Measured]) -> None:
    show(
        "CPU of the API process for a request in us, medians, and least to most",
        ["", "in flight", "graphql-core", "", "by batches", "", "times as fast"],
        [[name, f"{in_flight}", *pairs.shown()] for name, in_flight, pairs in measured],
    )


@contextmanager
def both(settings: Settings) -> Iterator[tuple[Api, Api]]:
    """Graphql-core's API, and ours."""
    with TemporaryDirectory() as directory:
        core, ours = CoreApi(settings, Path(directory) / "core.log"), Api(settings, Path(directory) / "ours.log")
        with started(core), started(ours):
            yield core, ours


def operations_of(gathering: Gathering) -> list[Operation]:
    people, posts, tokens = gathering.person_ids, gathering.post_ids[-ASKED:], cycle(gathering.tokens)
    usernames = [crowd.username(people[7 * number % len(people)]) for number in range(ASKED)]
    profiles = [request(token, PROFILE, {"username": name}) for name, token in zip(usernames, tokens, strict=False)]
    with_comments = [
        request(token, POST, {"id": encode("Post", id_)}) for id_, token in zip(posts, tokens, strict=False)
    ]
    inboxes = [request(token, INBOX, {}) for token in gathering.tokens]
    return [
        Operation("profile", 12, profiles),
        Operation("post", 20, with_comments),
        Operation("notifications", 20, inboxes),
    ]


async def compare(operation: Operation, core: Api, ours: Api) -> None:
    """Raises AssertionError where the two differ. Both are warm afterwards."""
    expected, found = [await answered(api, operation.requests) for api in (core, ours)]
    for one, other in zip(expected, found, strict=True):
        assert orjson.loads(one) == orjson.loads(other), (operation.name, one, other)
        assert one.count(CURSOR) == operation.entries, (operation.name, one)
        assert ERRORS not in one, (operation.name, one)


async def answered(api: Api, requests: Sequence[bytes]) -> list[bytes]:
    async with connected(api.port, max(IN_FLIGHT)) as connections:
        return await answers(connections, requests)


async def measured(core: Api, ours: Api, requests: Sequence[bytes], in_flight: int, rounds: int) -> Pairs:
    taken: dict[Api, list[float]] = {core: [], ours: []}
    for api in in_turns((core, ours), rounds):
        taken[api].append(await cpu_us(api, requests, in_flight))
    return Pairs(list(zip(taken[core], taken[ours], strict=True)))


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.operations", description=__doc__)
    options.add_argument("--rounds", type=int, default=5, help="of each operation, each number in flight")
    options.add_argument("--requests", type=int, default=300, help="of a turn")
    uvloop.run(main(**vars(options.parse_args())))
