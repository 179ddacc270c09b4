"""Two independent questions of one page: which posts with their authors, and which pictures."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import msgspec
from sqlalchemy import select

from bench.data_path.stage import Page, Stage
from bench.data_path.ways import TOGETHER, Comparison, Way
from loaders.posts import MediaByPost
from stores.postgres import posts as post_rows
from stores.postgres.asking import Asks, Reader, maker
from stores.postgres.readers import Readers
from stores.postgres.statements import asked, columns, version
from stores.postgres.tables import media, posts, users
from stores.rows import Media, Post, User

Shown = tuple[Post, User, list[Media]]
Connected = Callable[[], AbstractAsyncContextManager[Asks]]
"""Gives a connection."""

_MERGED = (
    select(
        *[version(posts), *columns(posts, Post)],
        *[version(users), *columns(users, User)],
        *[version(media), *columns(media, Media)],
    )
    .join(users, users.c.id == posts.c.author_id)
    .outerjoin(media, media.c.post_id == posts.c.id)
    .where(asked(posts.c.id))
    .order_by(posts.c.id, media.c.position)
)
_USER = 1 + len(columns(posts, Post))
_MEDIA = _USER + 1 + len(columns(users, User))


def comparison(stage: Stage) -> Comparison[Page, list[Shown]]:
    pooled, bare = Questions(stage.bench.app.deps.database.read), Questions(taken(stage.alone))
    together = Together(stage.together)
    return Comparison(
        "Posts with authors, and their pictures",
        [
            Way("SQLAlchemy, two connections", pooled.at_once),
            Way("SQLAlchemy, one connection", pooled.in_turn),
            Way("SQLAlchemy, one statement", pooled.merged),
            Way("Reader, two connections", bare.at_once),
            Way("Reader, one connection", bare.in_turn),
            Way("Reader, one statement", bare.merged),
            Way("Readers, two questions, shared", together.at_once, TOGETHER),
            Way("Readers, one statement, shared", together.merged, TOGETHER),
        ],
        stage.pages,
        plain,
    )


class Questions:
    """Asked over connections that nobody else has meanwhile."""

    def __init__(self, connected: Connected) -> None:
        self._connected = connected

    async def at_once(self, page: Page) -> list[Shown]:
        """Each over a connection of its own."""
        return shown(*await asyncio.gather(self._posts(page), self._media(page)))

    async def in_turn(self, page: Page) -> list[Shown]:
        async with self._connected() as connection:
            found = await post_rows.with_authors(connection, page.post_ids)
            return shown(found, await MediaByPost.answers(connection, page.post_ids))

    async def merged(self, page: Page) -> list[Shown]:
        async with self._connected() as connection:
            return await with_authors_and_media(connection, page.post_ids)

    async def _posts(self, page: Page) -> Sequence[tuple[Post, User] | None]:
        async with self._connected() as connection:
            return await post_rows.with_authors(connection, page.post_ids)

    async def _media(self, page: Page) -> list[list[Media]]:
        async with self._connected() as connection:
            return await MediaByPost.answers(connection, page.post_ids)


class Together:
    """Asked with all who ask the same meanwhile; of two questions, one after the other, over one connection."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    async def at_once(self, page: Page) -> list[Shown]:
        ask, ids = self._readers.ask, page.post_ids
        return shown(*await asyncio.gather(ask(post_rows.with_authors, ids), ask(MediaByPost.answers, ids)))

    async def merged(self, page: Page) -> list[Shown]:
        return await self._readers.ask(with_authors_and_media, page.post_ids)


async def with_authors_and_media(connection: Asks, ids: Sequence[int]) -> list[Shown]:
    """Posts that are there, in the order of `ids`: a row for each picture."""
    post_of, user_of, media_of = maker(connection, Post), maker(connection, User), maker(connection, Media)
    found: dict[int, Shown] = {}
    for values in await connection.execute(_MERGED, {"keys": list(ids)}):
        one = found.get(values[1])
        if one is None:
            author = user_of(values[_USER], values[_USER + 1 : _MEDIA])
            one = found[values[1]] = post_of(values[0], values[1:_USER]), author, []
        if values[_MEDIA] is not None:
            one[2].append(media_of(values[_MEDIA], values[_MEDIA + 1 :]))
    return [found[id_] for id_ in ids]


def shown(found: Sequence[tuple[Post, User] | None], pictures: Sequence[list[Media]]) -> list[Shown]:
    return [(*rows, its) for rows, its in zip(found, pictures, strict=True) if rows is not None]


def taken(readers: Sequence[Reader]) -> Connected:
    """One of these that nobody has."""
    idle = list(readers)

    @asynccontextmanager
    async def connected() -> AsyncIterator[Asks]:
        reader = idle.pop()
        try:
            yield reader
        finally:
            idle.append(reader)

    return connected


def plain(found: list[Shown]) -> object:
    return [[msgspec.structs.astuple(row) for row in (post, author, *pictures)] for post, author, pictures in found]
