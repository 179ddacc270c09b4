"""Likes and comments of the demo, always the same: its photos have been seen, and people have been told so."""

import asyncio
from collections.abc import Sequence
from random import Random

from sqlalchemy import select

from services import commenting, reactions
from services.deps import Deps
from stores.postgres.tables import posts

LIKES = 0.3
"""Of everybody who might like a post."""
COMMENTS = range(3)
TEXTS = (
    "Beautiful light!",
    "Where is this?",
    "I would love to be there.",
    "What a colour.",
    "You have an eye for this.",
    "More of these, please.",
    "This made my day.",
    "How long did you wait for that?",
)


async def react(deps: Deps, people: Sequence[int]) -> None:
    """Some of these people like each post, and comment on it. Safe to run again."""
    async with deps.database.read() as connection:
        shown = list(await connection.execute(select(posts.c.id, posts.c.author_id).order_by(posts.c.feed_id)))
    rng = Random("reactions")
    for post_id, author_id in shown:
        others = [person for person in people if person != author_id]
        likers = [person for person in others if rng.random() < LIKES]
        await asyncio.gather(*(reactions.like_post(deps, liker, post_id, wanted=True) for liker in likers))
        for commenter in rng.sample(others, min(rng.choice(COMMENTS), len(others))):
            await commenting.add(deps, commenter, post_id, rng.choice(TEXTS), idempotency_key=f"demo {post_id}")
