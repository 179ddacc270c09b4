"""Posts: read, made, changed, deleted."""

from collections.abc import Sequence

import strawberry
from strawberry import UNSET

from loaders.pages import PostsByHashtag
from loaders.posts import HashtagByName, VisiblePostById
from resolvers.context import Info
from resolvers.paging import Listed, Page, Pages, listed
from resolvers.results import Result, mutation
from rules.errors import Invalid
from rules.node_ids import encode, id_of
from rules.text import hashtag_name, is_storable
from services import posting
from services.posting import Changes, Draft, Place
from stores.rows import Hashtag, Post


async def post(info: Info, id: strawberry.ID) -> Post | None:
    post_id = id_of("Post", id)
    return None if post_id is None else await info.context.loaders[VisiblePostById].load(post_id)


async def hashtag(info: Info, name: str) -> Hashtag | None:
    kept = hashtag_name(name) if is_storable(name) else None
    return None if kept is None else await info.context.loaders[HashtagByName].load(kept)


async def hashtag_posts(
    roots: Sequence[Hashtag], info: Info, first: int | None = None, after: str | None = None
) -> Pages[Page[Post]]:
    lists = [Listed(hashtag.id) for hashtag in roots]
    return await listed(info.context, PostsByHashtag, lists, VisiblePostById, first=first, after=after)


def location(root: Post) -> Place | None:
    if root.location_name is None:
        return None
    return Place(root.location_name, root.latitude, root.longitude)


@strawberry.input
class LocationInput:
    name: str
    latitude: float | None = None
    longitude: float | None = None


@strawberry.input
class CreatePostInput:
    media_ids: list[strawberry.ID]
    caption: str | None = ""
    tags: list[str] | None = strawberry.field(default=None, description="Besides those written with # in the caption.")
    location: LocationInput | None = None
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key from the same account within 24 hours gives the first call's post again.",
    )


@mutation
async def create_post(info: Info, input: CreatePostInput) -> Result:
    draft = Draft(_media_ids(input.media_ids), input.caption or "", input.tags or [], _place(input.location))
    author_id = info.context.signed_in().user_id
    return Result(post=await posting.create(info.context.deps, author_id, draft, idempotency_key=input.idempotency_key))


@strawberry.input
class UpdatePostInput:
    post_id: strawberry.ID
    caption: str | None = UNSET
    tags: list[str] | None = UNSET
    location: LocationInput | None = UNSET
    media_ids: list[strawberry.ID] | None = UNSET


@mutation
async def update_post(info: Info, input: UpdatePostInput) -> Result:
    author_id = info.context.signed_in().user_id
    changes = _changes(input)
    return Result(post=await posting.update(info.context.deps, author_id, id_of("Post", input.post_id), changes))


@strawberry.input
class DeletePostInput:
    post_id: strawberry.ID


@mutation
async def delete_post(info: Info, input: DeletePostInput) -> Result:
    author_id = info.context.signed_in().user_id
    deleted_id = await posting.delete(info.context.deps, author_id, id_of("Post", input.post_id))
    info.context.loaders[VisiblePostById].clear(deleted_id)
    return Result(deleted_post_id=encode("Post", deleted_id))


def _changes(given: UpdatePostInput) -> Changes:
    """A field left out stays unchanged, and null clears."""
    changes: Changes = {}
    if given.caption is not UNSET:
        changes["caption"] = given.caption or ""
    if given.tags is not UNSET:
        changes["tags"] = given.tags or []
    if given.location is not UNSET:
        changes["place"] = _place(given.location)
    if given.media_ids is None:
        raise Invalid("A post has at least one picture.", "mediaIds")
    if given.media_ids is not UNSET:
        changes["media_ids"] = _media_ids(given.media_ids)
    return changes


def _media_ids(node_ids: list[strawberry.ID]) -> list[int | None]:
    return [id_of("Media", node_id) for node_id in node_ids]


def _place(location: LocationInput | None) -> Place | None:
    return Place(location.name, location.latitude, location.longitude) if location else None
