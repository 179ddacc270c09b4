"""Guarding: renditions of private accounts' media lie where only signed URLs reach, all others where everybody reads.

At no moment is a READY medium without files at the place that its row names. Its files are written and removed only
while they are held (`uploads.files_held`), and so one after the other, however many jobs are at it.
"""

import asyncio
from collections.abc import Collection, Sequence

from services import uploads
from services.deps import Deps
from services.events import MediaGuarded
from stores.postgres import media, users
from stores.rows import Media


async def guard(deps: Deps, user_id: int, above_id: int) -> None:
    """Settle a chunk of an account's media, those above an id, and announce the rest. Safe to run again.

    It goes through all of them, whatever their rows say: so it finds what an earlier run, killed between a row and the
    removal of its files, has left at the other place.
    """
    most = deps.settings.guard_chunk
    async with deps.database.read() as connection:
        ids = await media.ready_ids(connection, user_id, above_id=above_id, most=most)
    await settle(deps, ids)
    if len(ids) == most:
        async with deps.database.unit_of_work() as uow:
            await uow.announce(MediaGuarded(user_id, ids[-1]))


async def settle(deps: Deps, media_ids: Collection[int]) -> None:
    """Have renditions lie where their owners' privacy says, and nowhere else. What is shared is left alone."""
    async with deps.database.read() as connection:
        rows = await media.by_ids(connection, list(media_ids))
    own = [row for row in rows if not row.object_key.startswith(uploads.SHARED)]
    while own and await _moved(deps, own):
        pass


async def _moved(deps: Deps, rows: Sequence[Media]) -> bool:
    """Move what lies at the wrong place; where nothing does, remove what was left at the other. True where it moved.

    The rows are committed before anything is removed. The privacy is read anew each time.
    """
    async with uploads.files_held(deps, [row.object_key for row in rows]) as uow:
        held = await media.by_ids(uow.connection, [row.id for row in rows])
        ready = [row for row in held if row.status == "READY"]
        public = await users.public_among(uow.connection, {row.owner_id for row in ready})
        astray = [row for row in ready if row.is_guarded == (row.owner_id in public)]
        if not astray:
            await _remove_left(deps, ready)
            return False
        await _copy(deps, astray)
        await media.moved(uow.connection, [row.id for row in astray])
        return True


async def _copy(deps: Deps, rows: Sequence[Media]) -> None:
    """To the other place, all at once; returns, or raises, when none is under way any more."""
    copies = [
        deps.objects.copy_rendition(key, uploads.RENDITION_TYPE, is_guarded=not row.is_guarded)
        for row in rows
        for key in uploads.rendition_keys(row.object_key)
    ]
    for copied in await asyncio.gather(*copies, return_exceptions=True):
        if copied is not None:
            raise copied


async def _remove_left(deps: Deps, rows: Sequence[Media]) -> None:
    for is_guarded in (False, True):
        keys = [key for row in rows if row.is_guarded != is_guarded for key in uploads.rendition_keys(row.object_key)]
        if keys:
            await deps.objects.remove_renditions(keys, is_guarded=is_guarded)
