"""Uploads: where a file goes, whether it arrived, and what becomes of it."""

import base64
import binascii
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

from anyio import CapacityLimiter, fail_after, to_process

from rules.errors import Invalid, NotFound, NotReady, TooLong, UserFault, refuse_faults
from rules.text import text_fault
from services import imaging
from services.deps import Deps
from services.events import MediaProcessed, MediaRemoved, UploadCompleted
from stores.objects import Header
from stores.postgres import media, users
from stores.postgres.database import UnitOfWork
from stores.rows import Media

T = TypeVar("T")
RENDITIONS = ("thumbnail", "medium", "large")
RENDITION_TYPE = "image/webp"
KEY_BYTES = 12  # random: what has not been published cannot be guessed
SHARED = "shared/"
"""Begins the `object_key` of files that many media show, as those of `photofeed seed` do: no single one's to remove."""


class Upload(NamedTuple):
    """The row, and the request that brings its file before `expires_at`."""

    media: Media
    method: str
    url: str
    headers: list[Header]
    expires_at: datetime


async def create(
    deps: Deps, owner_id: int, *, content_type: str, byte_size: int, sha256: str | None, alt_text: str | None
) -> Upload:
    """A row that waits for its file, and the request that brings it: of this type, length and SHA-256, once."""
    limits = deps.settings
    refuse_faults(
        None if content_type in imaging.ACCEPTED else _unknown_type(),
        _size_fault(byte_size, limits.upload_bytes),
        None if sha256 is None or _is_sha256(sha256) else Invalid("This is no SHA-256 in base64.", "sha256"),
        text_fault(alt_text or "", "altText", most=limits.alt_text_characters),
    )
    media_id = await deps.ids.mint()
    object_key = f"{media_id}-{secrets.token_hex(KEY_BYTES)}"
    request = await deps.objects.presigned_put(
        object_key,
        content_type=content_type,
        byte_size=byte_size,
        sha256=sha256,
        expires_s=limits.upload_expires_s,
    )
    async with deps.database.unit_of_work() as uow:
        added = await media.add(
            uow.connection,
            {
                "id": media_id,
                "owner_id": owner_id,
                "kind": "IMAGE",
                "status": "PENDING",
                "alt_text": alt_text,
                "content_type": content_type,
                "byte_size": byte_size,
                "object_key": object_key,
            },
        )
    expires_at = datetime.now(UTC) + timedelta(seconds=limits.upload_expires_s)
    return Upload(added, "PUT", request.url, request.headers, expires_at)


async def complete(deps: Deps, owner_id: int, media_id: int | None) -> Media:
    """Look whether the file arrived and begins as what it was declared to be, and start its processing.

    No change where that was done before.
    """
    pending = await own(deps, owner_id, media_id)
    if pending.status == "PENDING":
        await _check_arrival(deps, pending)
    async with deps.database.unit_of_work() as uow:
        held = (await media.locked(uow.connection, owner_id, [pending.id])).get(pending.id)
        if held is None:
            raise _no_such_media()
        if held.status != "PENDING":
            return held
        await uow.announce(UploadCompleted(held.id))
        return await media.change(uow.connection, held.id, {"status": "PROCESSING"}) or held


async def own(deps: Deps, owner_id: int, media_id: int | None) -> Media:
    """One's own upload."""
    async with deps.database.read() as connection:
        found = [] if media_id is None else await media.by_ids(connection, [media_id])
    if not found or found[0].owner_id != owner_id:
        raise _no_such_media()
    return found[0]


async def describe(deps: Deps, owner_id: int, media_id: int | None, alt_text: str | None) -> Media:
    """Set or clear the alternative text."""
    refuse_faults(text_fault(alt_text or "", "altText", most=deps.settings.alt_text_characters))
    described = await own(deps, owner_id, media_id)
    async with deps.database.unit_of_work() as uow:
        changed = await media.change(uow.connection, described.id, {"alt_text": alt_text})
    if changed is None:
        raise _no_such_media()
    return changed


async def process(deps: Deps, media_id: int) -> None:
    """Make an image's renditions, and say READY; or FAILED, where it is none. Safe to run again."""
    async with deps.database.read() as connection:
        found = await media.by_ids(connection, [media_id])
    if not found or found[0].status != "PROCESSING":
        return
    try:
        rendered = await _rendered(deps, found[0])
    except imaging.Unreadable as unreadable:
        await _conclude(deps, found[0], {}, {"status": "FAILED", "failure_reason": str(unreadable)})
    else:
        size = {"width": rendered.width, "height": rendered.height}
        outcome = {"status": "READY", "blurhash": rendered.blurhash, **size}
        await _conclude(deps, found[0], rendered.renditions, outcome)


async def collect_abandoned(deps: Deps, *, most: int) -> int:
    """Remove media that no post took in time; gives how many."""
    async with deps.database.unit_of_work() as uow:
        left = await media.abandoned(uow.connection, for_s=deps.settings.upload_abandoned_s, most=most)
        for row in left:
            await uow.announce(MediaRemoved(row.object_key))
        await media.remove(uow.connection, [row.id for row in left])
    return len(left)


async def remove_files(deps: Deps, object_key: str) -> None:
    """Remove the original and the renditions, wherever they lie, unless they are shared. Safe to run again."""
    if object_key.startswith(SHARED):
        return
    async with files_held(deps, [object_key]):
        await deps.objects.remove_original(object_key)
        for is_guarded in (False, True):
            await deps.objects.remove_renditions(rendition_keys(object_key), is_guarded=is_guarded)


@asynccontextmanager
async def files_held(deps: Deps, object_keys: Sequence[str]) -> AsyncIterator[UnitOfWork]:
    """A unit of work during which nobody else writes or removes the files of these."""
    async with deps.objects.turn(), deps.database.unit_of_work() as uow:
        await media.hold_files(uow.connection, object_keys)
        yield uow


def rendition_keys(object_key: str) -> list[str]:
    return [rendition_key(object_key, name) for name in RENDITIONS]


def rendition_key(object_key: str, rendition: str) -> str:
    return f"{object_key}/{rendition}.webp"


async def _rendered(deps: Deps, row: Media) -> imaging.Rendered:
    original = await deps.objects.original(row.object_key)
    if original is None or len(original) != row.byte_size:
        raise imaging.Unreadable("The file is gone from the store. Upload it again.")
    limits = imaging.ImageLimits(pixels=deps.settings.image_pixels, frames=deps.settings.image_frames)
    return await _in_process(deps.settings.image_processing_s, imaging.render, original, row.content_type, limits)


async def _conclude(deps: Deps, row: Media, renditions: Mapping[str, bytes], outcome: Mapping[str, object]) -> None:
    """Store the renditions where the owner's privacy says, and the outcome, unless somebody else has concluded.

    Should the row go meanwhile, `remove_files`, which its end announced, waits for the files that are held here.
    """
    async with files_held(deps, [row.object_key]) as uow:
        held = await media.by_ids(uow.connection, [row.id])
        if not held or held[0].status != "PROCESSING":
            return
        is_guarded = row.owner_id not in await users.public_among(uow.connection, [row.owner_id])
        for name, content in renditions.items():
            key = rendition_key(row.object_key, name)
            await deps.objects.put_rendition(key, content, RENDITION_TYPE, is_guarded=is_guarded)
        concluded = await media.change(uow.connection, row.id, {**outcome, "is_guarded": is_guarded})
        if concluded is not None and concluded.post_id is not None:
            await uow.announce(MediaProcessed(concluded.post_id))


async def _in_process(most_s: float, render: Callable[..., T], *arguments: object) -> T:
    """Run in a child process, which is killed after so long; waiting for a free one does not count."""
    async with to_process.current_default_process_limiter():
        try:
            with fail_after(most_s):
                return await to_process.run_sync(render, *arguments, cancellable=True, limiter=CapacityLimiter(1))
        except TimeoutError:
            raise imaging.Unreadable("This picture takes too long to read. Save it in a simpler form.") from None


async def _check_arrival(deps: Deps, pending: Media) -> None:
    size = await deps.objects.size(pending.object_key)
    if size is None:
        raise NotReady("The file has not arrived. Send it to the upload's address first.", "mediaId")
    head = await deps.objects.original(pending.object_key, first_bytes=imaging.SNIFFED_BYTES)
    format_ = imaging.ACCEPTED.get(imaging.sniff(head or b"") or "")
    if size != pending.byte_size or format_ != imaging.ACCEPTED[pending.content_type]:
        raise Invalid(f"What arrived is not the {pending.content_type} that was declared. Start anew.", "mediaId")


def _no_such_media() -> UserFault:
    return NotFound("There is no such upload of yours.", "mediaId")


def _unknown_type() -> UserFault:
    return Invalid(f"Upload one of {', '.join(sorted(imaging.ACCEPTED))}.", "contentType")


def _size_fault(byte_size: int, most: int) -> UserFault | None:
    if byte_size < 1:
        return Invalid("A file has at least one byte.", "byteSize")
    return TooLong(f"A picture has at most {most:,} bytes.", "byteSize") if byte_size > most else None


def _is_sha256(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False
