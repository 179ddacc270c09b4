"""Hashtags, and which published posts stand under them (`hashtagged`, written by `posts.publish`)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ARRAY, BigInteger, Text, any_, bindparam, delete, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks
from stores.postgres.pages import Below, pages_below
from stores.postgres.statements import asked, columns, fetch, text_array
from stores.postgres.tables import hashtagged, hashtags
from stores.rows import Entry, Hashtag

_selected = select(*columns(hashtags, Hashtag))
_BY_IDS = _selected.where(asked(hashtags.c.id))
_BY_NAMES = _selected.where(hashtags.c.name == any_(bindparam("names", type_=ARRAY(Text))))


async def by_ids(connection: Asks, ids: Sequence[int]) -> list[Hashtag]:
    return await fetch(connection, Hashtag, _BY_IDS, keys=list(ids))


async def by_names(connection: Asks, names: Sequence[str]) -> list[Hashtag]:
    return await fetch(connection, Hashtag, _BY_NAMES, names=list(names))


async def count_posts(connection: AsyncConnection, changes: Mapping[str, tuple[int, int]]) -> None:
    """For each name, a new id in case the hashtag is new, and what to add to its count of published posts.

    Locked in the order of the names, so that two transactions never wait for each other.
    """
    if changes:
        await connection.execute(
            text(
                "insert into hashtags (id, name, post_count) values (:id, :name, :change)"
                " on conflict (name) do update set post_count = hashtags.post_count + excluded.post_count"
            ),
            [{"id": id_, "name": name, "change": change} for name, (id_, change) in sorted(changes.items())],
        )


async def unlist(connection: AsyncConnection, post_id: int) -> None:
    """Take a post off the lists of all its hashtags."""
    await connection.execute(delete(hashtagged).where(hashtagged.c.post_id == post_id))


async def list_under(connection: AsyncConnection, post_id: int, feed_id: int, names: Sequence[str]) -> None:
    """Put a published post on the lists of hashtags that exist."""
    listed = select(hashtags.c.id, literal(feed_id, BigInteger), literal(post_id, BigInteger)).where(
        hashtags.c.name == any_(text_array(names))
    )
    await connection.execute(insert(hashtagged).from_select(["hashtag_id", "feed_id", "post_id"], listed))


async def post_pages(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
    """For each page of a hashtag's posts: the latest published first."""
    return await pages_below(
        connection,
        pages,
        owner=hashtagged.c.hashtag_id,
        position=hashtagged.c.feed_id,
        entry=hashtagged.c.post_id,
    )
