"""Uploads, from the request that a client sends to the store to the text under the picture."""

from collections.abc import Sequence
from enum import Enum

import strawberry

from resolvers.context import Info
from resolvers.results import Result, mutation
from rules.node_ids import id_of
from services import uploads
from stores.objects import ObjectStore
from stores.rows import Media


@strawberry.enum(description="Longest side: 150 (square crop), 640, 1080 pixels; never enlarged.")
class Rendition(Enum):
    THUMBNAIL = "thumbnail"
    MEDIUM = "medium"
    LARGE = "large"


def media_urls(roots: Sequence[Media], info: Info, rendition: Rendition | None = Rendition.LARGE) -> list[str | None]:
    name, objects = (rendition or Rendition.LARGE).value, info.context.deps.objects
    return [_url(objects, root, name) if root.status == "READY" else None for root in roots]


def _url(objects: ObjectStore, media: Media, rendition: str) -> str:
    key = uploads.rendition_key(media.object_key, rendition)
    return objects.guarded_url(key) if media.is_guarded else objects.media_url(key)


@strawberry.input
class CreateUploadInput:
    content_type: str
    byte_size: int
    sha256: str | None = strawberry.field(
        default=None, description="Of the whole file, base64. The object store refuses a file that differs."
    )
    alt_text: str | None = None


@mutation
async def create_upload(info: Info, input: CreateUploadInput) -> Result:
    upload = await uploads.create(
        info.context.deps,
        info.context.signed_in().user_id,
        content_type=input.content_type,
        byte_size=input.byte_size,
        sha256=input.sha256,
        alt_text=input.alt_text,
    )
    return Result(upload=upload)


@strawberry.input
class CompleteUploadInput:
    media_id: strawberry.ID


@mutation
async def complete_upload(info: Info, input: CompleteUploadInput) -> Result:
    owner_id = info.context.signed_in().user_id
    return Result(media=await uploads.complete(info.context.deps, owner_id, id_of("Media", input.media_id)))


@strawberry.input
class UpdateMediaInput:
    media_id: strawberry.ID
    alt_text: str | None = strawberry.UNSET


@mutation
async def update_media(info: Info, input: UpdateMediaInput) -> Result:
    owner_id, media_id = info.context.signed_in().user_id, id_of("Media", input.media_id)
    if input.alt_text is strawberry.UNSET:
        return Result(media=await uploads.own(info.context.deps, owner_id, media_id))
    return Result(media=await uploads.describe(info.context.deps, owner_id, media_id, input.alt_text))
