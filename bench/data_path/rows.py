"""The rows of 20 posts and of their authors: of Postgres, of Redis, of the process itself.

Not counted is what a way leaves to others: that Redis has all, and that it is true (`entries`); and what tells the
versions of kept rows, which is the statement that judges what stands in the feed.
"""

from functools import partial

import msgspec

from bench.data_path.entries import Entries, Rows
from bench.data_path.stage import Page, Stage
from bench.data_path.ways import TOGETHER, Comparison, Way
from stores.postgres import posts
from stores.postgres.asking import Reader
from stores.postgres.database import Database
from stores.postgres.readers import Readers
from stores.rows import Post, User


async def comparison(stage: Stage) -> Comparison[Page, Rows]:
    database, entries = stage.bench.app.deps.database, Entries(stage.bench.redis)
    pooled, alone, known = Pooled(database), Alone(stage.alone[0]), Known(stage.keeping)
    shared, kept = [partial(asked, readers) for readers in (stage.together, stage.keeping)]
    for page in stage.pages:
        await entries.put(rows for rows in await pooled.rows(page) if rows is not None)
    return Comparison(
        "20 posts and their authors",
        [
            Way("SQLAlchemy", pooled.rows),
            Way("SQLAlchemy", pooled.rows, TOGETHER),
            Way("Reader", alone.rows),
            Way("Readers", shared),
            Way("Readers, shared", shared, TOGETHER),
            Way("redis-py's MGET", entries.rows),
            Way("redis-py's MGET", entries.rows, TOGETHER),
            Way("MGET, shared", entries.rows_together, TOGETHER),
            Way("Readers, rows kept", kept),
            Way("Readers, rows kept, shared", kept, TOGETHER),
            Way("rows kept, versions told", known.rows),
            Way("rows kept, versions told", known.rows, TOGETHER),
        ],
        stage.pages,
        plain,
    )


class Pooled:
    """A statement for each page, over a connection of SQLAlchemy's pool."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rows(self, page: Page) -> Rows:
        async with self._database.read() as connection:
            return await posts.with_authors(connection, page.post_ids)


class Alone:
    """A statement for each page, over a connection of asyncpg's."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def rows(self, page: Page) -> Rows:
        return await posts.with_authors(self._reader, page.post_ids)


class Known:
    """Rows that are kept in the versions that the feed has told; only where one is not known, all are asked for."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    async def rows(self, page: Page) -> Rows:
        rows = [self._known(*each) for each in zip(page.post_ids, page.author_ids, page.versions, strict=True)]
        return await asked(self._readers, page) if None in rows else rows

    def _known(self, post_id: int, author_id: int, versions: tuple[int, int]) -> tuple[Post, User] | None:
        post = self._readers.kept.known(Post, post_id, versions[0])
        author = self._readers.kept.known(User, author_id, versions[1])
        return None if post is None or author is None else (post, author)


async def asked(readers: Readers, page: Page) -> Rows:
    """By a statement for all pages that are asked for meanwhile."""
    return await readers.ask(posts.with_authors, page.post_ids)


def plain(rows: Rows) -> object:
    return [found and [msgspec.structs.astuple(row) for row in found] for found in rows]
