"""Likes and comments a second: committed together and each alone; over HTTP, on one post and on many.

python -m bench.writes [--rounds N]
Takes 2 minutes at most.
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeVar

import uvloop

from bench import crowd, figures
from bench.clients import Connection, connected, request
from bench.pairs import Pairs
from bench.processes import Api, started
from bench.running import PATIENT, Bench, photofeed
from bench.tables import show
from rules.node_ids import encode
from services import reactions
from services.batches import Reaction
from settings import Settings
from stores.postgres.reactions import Mark

AT_ONCE = 64
PEOPLE = 2_000
FEW = 200  # writes of a round of what takes long: ways that take turns often meet the same machine
POSTS = 10_000
DONE = b'"userErrors":[]'

LIKE = """mutation ($post: ID!) {
  likePost(input: {postId: $post}) { post { likeCount viewerHasLiked } userErrors { code } }
}"""
COMMENT = """mutation ($post: ID!) {
  addComment(input: {postId: $post, text: "What a picture!"}) {
    comment { id text author { username } } post { commentCount } userErrors { code }
  }
}"""

T = TypeVar("T")
Way = Callable[[int], Awaitable[float]]
"""Gives the writes a second of a round, by its number."""


@dataclass(frozen=True)
class Stage:
    bench: Bench
    person_ids: list[int]
    post_ids: list[int]
    untouched: Iterator[int]
    """More posts, that nobody likes yet; each round on one post takes another."""


async def main(rounds: int) -> None:
    async with photofeed(database_pool_size=AT_ONCE, **PATIENT) as bench:  # alone, one waits long for the post's lock
        person_ids = await crowd.add_people(bench.app, PEOPLE)
        post_ids = await crowd.add_posts(bench.app, person_ids[:1], POSTS + 4 * rounds)
        await bench.vacuum()
        stage = Stage(bench, person_ids, post_ids[:POSTS], iter(post_ids[POSTS:]))
        at_service, over_http = await at_the_service(stage, rounds), await through_the_api(stage, rounds)
    show(
        f"At the service, {AT_ONCE} at once: likes of one post a second, medians, and least to most",
        ["", "committed together", "", "each in its own transaction", "", "ratio"],
        [["likes", *at_service.shown()]],
    )
    show(
        f"Over HTTP, {AT_ONCE} connections, one API process: writes a second, medians, and least to most",
        ["", "on one post", "", f"spread over {POSTS:,} posts", "", "ratio"],
        [[what, *pairs.shown()] for what, pairs in over_http.items()],
    )
    rows = [{"what": "likes", "where": "service"} | at_service.row("together_per_s", "alone_per_s", "ratio")]
    rows += [
        {"what": what, "where": "http"} | each.row("hot_per_s", "spread_per_s", "ratio")
        for what, each in over_http.items()
    ]
    figures.write("writes", rows, rounds=rounds)


async def at_the_service(stage: Stage, rounds: int) -> Pairs:
    """Likes of one post, committed together and each alone."""
    return await compared(partial(liked_together, stage), partial(liked_alone, stage), rounds)


async def through_the_api(stage: Stage, rounds: int) -> dict[str, Pairs]:
    """By what is written: on one post, and spread."""
    tokens = await crowd.add_sessions(stage.bench.app, stage.person_ids[:FEW])
    pool_size = Settings.model_fields["database_pool_size"].default
    settings = stage.bench.settings.model_copy(update={"port": 0, "database_pool_size": pool_size})
    found = {}
    with TemporaryDirectory() as directory, started(Api(settings, Path(directory) / "api.log")) as api:
        async with connected(api.port, AT_ONCE) as connections:
            for what, mutation in (("likes", LIKE), ("comments", COMMENT)):
                requested = partial(sent, stage, connections, tokens, mutation)
                found[what] = await compared(partial(requested, hot=True), partial(requested, hot=False), rounds)
    return found


async def compared(one: Way, other: Way, rounds: int) -> Pairs:
    """They take turns, and turns at being the first."""
    pairs = []
    for number in range(rounds):
        ways = (one, other) if number % 2 else (other, one)
        rates = {way: await way(number) for way in ways}
        pairs.append((rates[one], rates[other]))
    return Pairs(pairs)


async def liked_together(stage: Stage, _number: int) -> float:
    post_id, deps = next(stage.untouched), stage.bench.app.deps

    async def like(person_id: int) -> None:
        await reactions.like_post(deps, person_id, post_id, wanted=True)

    return await rate([like] * AT_ONCE, stage.person_ids)


async def liked_alone(stage: Stage, _number: int) -> float:
    post_id, deps = next(stage.untouched), stage.bench.app.deps

    async def like(person_id: int) -> None:
        mark = Mark(post_id, person_id, await deps.ids.mint())
        assert await reactions.commit_post_likes(deps.database, [Reaction(mark, wanted=True)]) == [None]

    return await rate([like] * AT_ONCE, stage.person_ids[:FEW])


async def sent(
    stage: Stage, connections: Sequence[Connection], tokens: Sequence[str], mutation: str, number: int, *, hot: bool
) -> float:
    """Each writes once: all on one post, or each on another one, and in each round on other ones."""
    each = POSTS // FEW
    post_ids = [next(stage.untouched)] * FEW if hot else stage.post_ids[number % each :: each]
    requests = [
        request(token, mutation, {"post": encode("Post", post_id)})
        for token, post_id in zip(tokens, post_ids, strict=True)
    ]
    return await rate([partial(ask, connection) for connection in connections], requests)


async def ask(connection: Connection, request: bytes) -> None:
    answer = await connection.ask(request)
    assert DONE in answer, answer


async def rate(workers: Sequence[Callable[[T], Awaitable[None]]], items: Sequence[T]) -> float:
    """Items a second; each worker takes one after the other."""
    waiting = iter(items)

    async def work(worker: Callable[[T], Awaitable[None]]) -> None:
        for item in waiting:
            await worker(item)

    began = perf_counter()
    await asyncio.gather(*map(work, workers))
    return len(items) / (perf_counter() - began)


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.writes", description=__doc__)
    options.add_argument("--rounds", type=int, default=12, help="of each way")
    uvloop.run(main(**vars(options.parse_args())))
