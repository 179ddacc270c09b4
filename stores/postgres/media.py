"""Media: what people uploaded, and which post took it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import Asks
from stores.postgres.statements import among, asked, big_array, columns, fetch, fetch_kept, fetch_one, version
from stores.postgres.tables import media
from stores.rows import Media

_selected = select(*columns(media, Media))
_kept = _selected.with_only_columns(version(media), *columns(media, Media))
_BY_IDS = _kept.where(asked(media.c.id))
_BY_POSTS = _kept.where(asked(media.c.post_id)).order_by(media.c.post_id, media.c.position)
_HOLD_FILES = text(
    """
    select pg_advisory_xact_lock(name) from (
        select hashtextextended(object_key, 5) as name from unnest(cast(:object_keys as text[])) as object_key
        order by name
    ) as names
    """
)


async def by_ids(connection: Asks, ids: Sequence[int]) -> list[Media]:
    return await fetch_kept(connection, Media, _BY_IDS, keys=list(ids))


async def by_posts(connection: Asks, post_ids: Sequence[int]) -> list[Media]:
    """In each post's own order."""
    return await fetch_kept(connection, Media, _BY_POSTS, keys=list(post_ids))


async def locked(connection: AsyncConnection, owner_id: int, ids: Sequence[int]) -> dict[int, Media]:
    """Those of `ids` that are this owner's, held until the transaction ends."""
    statement = (
        _selected.where(among(media.c.id, ids), media.c.owner_id == owner_id).order_by(media.c.id).with_for_update()
    )
    return {row.id: row for row in await fetch(connection, Media, statement)}


async def hold_files(connection: AsyncConnection, object_keys: Sequence[str]) -> None:
    """Nobody else who holds their files goes on before the transaction ends; the rows stay free for everybody.

    For work on the object store, which may take long: a lock on the rows would make people wait for it.
    """
    await connection.execute(_HOLD_FILES, {"object_keys": list(object_keys)})


async def ready_ids(connection: AsyncConnection, owner_id: int, *, above_id: int, most: int) -> list[int]:
    """Of an owner's READY media above an id, lowest first."""
    statement = (
        select(media.c.id)
        .where(media.c.owner_id == owner_id, media.c.id > above_id, media.c.status == "READY")
        .order_by(media.c.id)
        .limit(most)
    )
    return list(await connection.scalars(statement))


async def moved(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Their renditions lie at the other place from here on."""
    await connection.execute(update(media).where(among(media.c.id, ids)).values(is_guarded=~media.c.is_guarded))


async def add(connection: AsyncConnection, values: Mapping[str, object]) -> Media:
    statement = insert(media).values(values).returning(*columns(media, Media))
    return Media(*(await connection.execute(statement)).one())


async def change(connection: AsyncConnection, media_id: int, values: Mapping[str, object]) -> Media | None:
    """Set columns; None when it is gone."""
    statement = update(media).where(media.c.id == media_id).values(values).returning(*columns(media, Media))
    return await fetch_one(connection, Media, statement)


async def attach(connection: AsyncConnection, post_id: int, ids: Sequence[int]) -> None:
    """Make these, in this order, the media of a post; what it had before belongs to no post any more."""
    await connection.execute(update(media).where(media.c.post_id == post_id).values(post_id=None, position=None))
    await connection.execute(
        update(media)
        .where(among(media.c.id, ids))
        .values(post_id=post_id, position=func.array_position(big_array(ids), media.c.id) - 1)
    )


async def abandoned(connection: AsyncConnection, *, for_s: float, most: int) -> list[Media]:
    """Media that no post has, made so long ago; held against others until the transaction ends."""
    statement = (
        _selected.where(media.c.post_id.is_(None), media.c.created_at < func.now() - timedelta(seconds=for_s))
        .order_by(media.c.created_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return await fetch(connection, Media, statement)


async def remove(connection: AsyncConnection, ids: Sequence[int]) -> None:
    await connection.execute(delete(media).where(among(media.c.id, ids)))
