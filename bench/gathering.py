"""People who follow each other, have liked and commented on each other's posts, and were told of it, for reads."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import crowd
from bench.processes import Worker, started
from bench.running import Bench, until
from services import commenting, reactions
from services.deps import Deps

PEOPLE = 80
FOLLOWEES = 8
POSTS_EACH = 24
COMMENTS_EACH = 24
LIKES_EACH = 3
REMARKS = 400
"""Comments that are made as people make them, so that authors are told."""


@dataclass(frozen=True)
class Gathering:
    person_ids: Sequence[int]
    tokens: Sequence[str]
    """By which these people are signed in."""
    post_ids: Sequence[int]
    """The people took turns. Each has a picture and COMMENTS_EACH comments, the latest of them liked."""


async def gathered(bench: Bench) -> Gathering:
    """The first half follows the last FOLLOWEES; each post is liked by LIKES_EACH, of whom its author is told."""
    person_ids = await crowd.add_people(bench.app, PEOPLE)
    await crowd.add_follows(bench.app, person_ids[: PEOPLE // 2], person_ids[-FOLLOWEES:])
    post_ids = await crowd.add_posts(bench.app, person_ids, POSTS_EACH, pictured=True)
    comment_ids = await crowd.add_comments(bench.app, post_ids, person_ids, COMMENTS_EACH)
    with TemporaryDirectory() as directory, started(Worker(bench.settings, Path(directory) / "worker.log")):
        await react(bench.app.deps, person_ids, post_ids, comment_ids[-len(post_ids) :])
        await until(bench.nothing_announced)
    await bench.vacuum()
    return Gathering(person_ids, await crowd.add_sessions(bench.app, list(person_ids)), post_ids)


async def react(deps: Deps, person_ids: Sequence[int], post_ids: Sequence[int], comment_ids: Sequence[int]) -> None:
    """Each post is liked by some people, each comment by one, the last posts are commented on: all at once."""

    def somebody(number: int) -> int:
        return person_ids[number % PEOPLE]

    likes = [
        reactions.like_post(deps, somebody(number + step), post_id, wanted=True)
        for number, post_id in enumerate(post_ids)
        for step in range(1, LIKES_EACH + 1)
    ]
    likes += [
        reactions.like_comment(deps, somebody(number), comment_id, wanted=True)
        for number, comment_id in enumerate(comment_ids)
    ]
    remarks = [
        commenting.add(deps, somebody(number), post_id, "Where is that?", idempotency_key=None)
        for number, post_id in enumerate(post_ids[-REMARKS:])
    ]
    await asyncio.gather(*likes, *remarks)
