"""A post's life from PROCESSING to PUBLISHED, and its place in every list."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence

from rules.posts import status_of
from services.deps import Deps
from services.events import MentionsChanged, PostPublished
from services.live import topics
from stores.ids import floor_of
from stores.postgres import hashtags, media, posts
from stores.postgres.database import UnitOfWork
from stores.rows import Media, Post


async def settle(deps: Deps, uow: UnitOfWork, post_ids: Sequence[int]) -> None:
    """Publish the posts whose media are all READY, fail those with a FAILED one; the others wait. Safe to repeat.

    Nothing may be executed in the unit of work after it: publications wait for each other from here to the commit.
    """
    unpublished = [post for post in await posts.locked(uow.connection, post_ids) if post.status != "PUBLISHED"]
    belonging = await _media_of(uow, unpublished)
    statuses = {post.id: status_of(belonging[post.id]) for post in unpublished}
    for post in unpublished:
        if statuses[post.id] not in ("PUBLISHED", post.status):
            await posts.set_status(uow.connection, post.id, statuses[post.id])
            uow.wake(topics.post(post.id))
    await _publish(deps, uow, [post for post in unpublished if statuses[post.id] == "PUBLISHED"])


async def count(deps: Deps, uow: UnitOfWork, published: Iterable[Post], change: int) -> None:
    """Add `change` to the counts that these posts are in. Rows are locked in one order, whoever does it."""
    authors: Counter[int] = Counter()
    names: Counter[str] = Counter()
    for post in published:
        authors[post.author_id] += change
        names.update(dict.fromkeys(post.hashtags, change))
    await posts.count_published(uow.connection, authors)
    await hashtags.count_posts(uow.connection, {name: (await deps.ids.mint(), n) for name, n in names.items()})


async def _publish(deps: Deps, uow: UnitOfWork, ready: Sequence[Post]) -> None:
    if ready:
        await count(deps, uow, ready, +1)
        for post in ready:
            uow.wake(topics.post(post.id))
        await uow.announce(
            *(PostPublished(post.id) for post in ready),
            *(MentionsChanged(post.id, post.author_id, post.mention_ids) for post in ready if post.mention_ids),
        )
        uow.wake(topics.PUBLICATIONS)
        now_ms = time.time_ns() // 1_000_000
        await posts.publish(uow.connection, [post.id for post in ready], earliest=floor_of(now_ms))


async def _media_of(uow: UnitOfWork, of: Sequence[Post]) -> dict[int, list[Media]]:
    found: dict[int, list[Media]] = {post.id: [] for post in of}
    for row in await media.by_posts(uow.connection, list(found)):
        if row.post_id is not None:
            found[row.post_id].append(row)
    return found
