"""Invented rows on their way into the tables, by COPY: sent while they are made, so that never are many in memory."""

from collections.abc import Iterable, Sequence

import asyncpg
from rich.progress import Progress
from sqlalchemy import Table

from dev.seed import follows as graph
from dev.seed import people as population
from dev.seed import posts as publications
from dev.seed.people import Person
from dev.seed.pool import Pooled
from stores.postgres import tables

BATCH = 5_000  # posts, each with its rows in three tables

Row = tuple[object, ...]


class Sowing:
    """What a seed makes, within the transaction that the connection is in; people first."""

    def __init__(self, connection: asyncpg.Connection, progress: Progress, seed: int, pool: Sequence[Pooled]) -> None:
        self._connection, self._progress, self._seed, self._pool = connection, progress, seed, pool
        self._people: list[Person] = []

    async def people(self, count: int, follows: int, password_hash: str, pull_threshold: int) -> Person:
        """With their accounts and follows; gives the one who follows most."""
        seed, track = self._seed, self._progress.track
        people = self._people = population.invented(seed, count)
        choosing = graph.followees(seed, count, follows)
        followees = list(track(choosing, total=count, description="Choosing whom to follow"))
        reaches = graph.reaches(followees, pull_threshold=pull_threshold)
        await self._copy(tables.users, population.USER_COLUMNS, population.user_rows(people, reaches))
        await self._copy(tables.accounts, population.ACCOUNT_COLUMNS, population.account_rows(people, password_hash))
        made = track(graph.rows(seed, people, followees, reaches), total=follows, description="Follows")
        await self._copy(tables.follows, graph.COLUMNS, made)
        return max(zip(people, reaches, strict=True), key=lambda each: each[1].following)[0]

    async def posts(self, count: int) -> None:
        """With their media, hashtags and counts; the publication clock goes past them."""
        feed = publications.Feed(self._seed, self._people, self._pool)
        task = self._progress.add_task("Posts", total=count)
        for batch in feed.batches(count, BATCH):
            await self._copy(tables.posts, publications.POST_COLUMNS, batch.posts)
            await self._copy(tables.media, publications.MEDIA_COLUMNS, batch.media)
            await self._copy(tables.hashtagged, publications.HASHTAGGED_COLUMNS, batch.hashtagged)
            self._progress.advance(task, len(batch.posts))
        await self._copy(tables.author_counts, publications.AUTHOR_COUNT_COLUMNS, feed.author_count_rows())
        await self._copy(tables.hashtags, publications.HASHTAG_COLUMNS, feed.hashtag_rows())
        await self._connection.execute(
            "update feed_clock set last = greatest(last, (select max(feed_id) from posts)) where shard = 0"
        )

    async def _copy(self, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        await self._connection.copy_records_to_table(table.name, records=rows, columns=columns)
