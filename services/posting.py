"""Posts: made, changed, deleted."""

import hashlib
from collections.abc import Sequence
from typing import TypedDict

import msgspec

from rules.errors import Conflict, NotFound, UserFault, refuse_faults
from rules.posts import hashtags_of, media_fault, medium_fault, place_fault, tags_fault
from rules.text import text_fault
from services import publishing
from services.deps import Deps
from services.events import MentionsChanged, PostDeleted
from services.live import topics
from services.mentions import mentioned
from stores.postgres import hashtags, idempotency, media, posts
from stores.postgres.database import UnitOfWork
from stores.postgres.idempotency import Claim
from stores.rows import Post


class Place(msgspec.Struct, frozen=True):
    name: str
    latitude: float | None = None
    longitude: float | None = None


class Draft(msgspec.Struct, frozen=True):
    """A post as its author gives it; None among `media_ids` stands for an id that is none of media."""

    media_ids: list[int | None]
    caption: str = ""
    tags: list[str] = []
    place: Place | None = None


class Changes(TypedDict, total=False):
    """What becomes of a post; what is left out stays as it is."""

    caption: str
    tags: list[str]
    place: Place | None
    media_ids: list[int | None]


async def create(deps: Deps, author_id: int, draft: Draft, *, idempotency_key: str | None) -> Post:
    """Store a post; it is published at once when its media are READY, else when the last one is.

    The same key again gives the same post; with another draft, `Conflict`.
    """
    refuse_faults(
        media_fault(draft.media_ids, most=deps.settings.media_per_post),
        *_words_faults(deps, draft.caption, draft.tags, draft.place),
        _key_fault(deps, idempotency_key),
    )
    mention_ids, post_id = await mentioned(deps, draft.caption), await deps.ids.mint()
    async with deps.database.unit_of_work() as uow:
        earlier_id = await _earlier(deps, uow, author_id, idempotency_key, draft, post_id)
        if earlier_id is None:
            words = _words(draft.caption, draft.tags, mention_ids) | _where(draft.place)
            author = {"id": post_id, "author_id": author_id, "status": "PROCESSING"}
            await posts.add(uow.connection, words | author)
            await _take_media(uow, author_id, post_id, draft.media_ids, published=False)
            await publishing.settle(deps, uow, [post_id])
    return await _read(deps, earlier_id or post_id)


async def update(deps: Deps, author_id: int, post_id: int | None, changes: Changes) -> Post:
    """Change what is given. A published post stays in its place, and takes READY media only."""
    mention_ids = await mentioned(deps, changes["caption"]) if "caption" in changes else None
    async with deps.database.unit_of_work() as uow:
        post = await _own_locked(uow, author_id, post_id)
        caption, tags = changes.get("caption", post.caption), changes.get("tags", post.tags)
        media_ids = changes.get("media_ids")
        refuse_faults(
            None if media_ids is None else media_fault(media_ids, most=deps.settings.media_per_post),
            *_words_faults(deps, caption, tags, changes.get("place")),
        )
        values = _words(caption, tags, post.mention_ids if mention_ids is None else mention_ids)
        values |= _where(changes["place"]) if "place" in changes else {}
        if changes:
            await posts.edit(uow.connection, post.id, values)
            uow.wake(topics.post(post.id))
        if media_ids is not None:
            await _take_media(uow, author_id, post.id, media_ids, published=post.status == "PUBLISHED")
        await _relist(deps, uow, post, hashtags_of(caption, tags))
        if post.feed_id is not None and mention_ids is not None and mention_ids != post.mention_ids:
            before_and_after = sorted({*post.mention_ids, *mention_ids})
            await uow.announce(MentionsChanged(post.id, author_id, before_and_after))
        await publishing.settle(deps, uow, [post.id])
    return await _read(deps, post.id)


async def delete(deps: Deps, author_id: int, post_id: int | None) -> int:
    """Gone from the next read on; its media are removed by a job. Gives its id."""
    async with deps.database.unit_of_work() as uow:
        post = await _own_locked(uow, author_id, post_id)
        await posts.delete(uow.connection, post.id)
        if post.status == "PUBLISHED":
            await publishing.count(deps, uow, [post], -1)
            await hashtags.unlist(uow.connection, post.id)
        await uow.announce(PostDeleted(post.id))
        uow.wake(topics.post(post.id))
    return post.id


async def _take_media(
    uow: UnitOfWork, owner_id: int, post_id: int, media_ids: Sequence[int | None], *, published: bool
) -> None:
    """Make these the post's media, in their order; raises what speaks against it."""
    ids = [media_id for media_id in media_ids if media_id is not None]
    own = await media.locked(uow.connection, owner_id, ids)
    refuse_faults(
        *(
            medium_fault(None if media_id is None else own.get(media_id), post_id=post_id, published=published)
            for media_id in media_ids
        )
    )
    await media.attach(uow.connection, post_id, ids)


async def _relist(deps: Deps, uow: UnitOfWork, post: Post, names: list[str]) -> None:
    """Move a published post to the lists of other hashtags."""
    if post.feed_id is None or names == post.hashtags:
        return
    changes = dict.fromkeys(post.hashtags, -1)
    changes = {name: changes.get(name, 0) + 1 for name in names} | {n: -1 for n in changes if n not in names}
    await hashtags.count_posts(
        uow.connection, {name: (await deps.ids.mint(), change) for name, change in changes.items() if change}
    )
    await hashtags.unlist(uow.connection, post.id)
    await hashtags.list_under(uow.connection, post.id, post.feed_id, names)


async def _earlier(
    deps: Deps, uow: UnitOfWork, author_id: int, key: str | None, draft: Draft, post_id: int
) -> int | None:
    """The post that this key made before; None, and the key now stands for `post_id`, where there is none."""
    if key is None:
        return None
    claim = Claim(author_id, key, hashlib.sha256(msgspec.msgpack.encode(draft)).digest(), post_id)
    counting = await idempotency.claim(
        uow.connection, "createPost", [claim], window_s=deps.settings.idempotency_window_s
    )
    counts = counting[author_id, key]
    if counts.fingerprint != claim.fingerprint:
        raise Conflict("This key was used for another post. Take a new one.", "idempotencyKey")
    return None if counts is claim else counts.result_id


async def _own_locked(uow: UnitOfWork, author_id: int, post_id: int | None) -> Post:
    held = [] if post_id is None else await posts.locked(uow.connection, [post_id])
    if not held or held[0].author_id != author_id:
        raise NotFound("There is no such post of yours.", "postId")
    return held[0]


async def _read(deps: Deps, post_id: int) -> Post:
    async with deps.database.read() as connection:
        found = await posts.by_ids(connection, [post_id])
    if not found:
        raise NotFound("This post was deleted.")
    return found[0]


def _words(caption: str, tags: list[str], mention_ids: list[int]) -> dict[str, object]:
    return {
        "caption": caption,
        "tags": tags,
        "hashtags": hashtags_of(caption, tags),
        "mention_ids": mention_ids,
    }


def _where(place: Place | None) -> dict[str, object]:
    return {
        "location_name": place and place.name.strip(),
        "latitude": place and place.latitude,
        "longitude": place and place.longitude,
    }


def _words_faults(deps: Deps, caption: str, tags: Sequence[str], place: Place | None) -> list[UserFault | None]:
    limits = deps.settings
    most = limits.location_name_characters
    return [
        text_fault(caption, "caption", most=limits.caption_characters),
        tags_fault(caption, tags, most=limits.hashtags_per_post),
        None if place is None else place_fault(place.name, place.latitude, place.longitude, most=most),
    ]


def _key_fault(deps: Deps, key: str | None) -> UserFault | None:
    most = deps.settings.idempotency_key_characters
    return None if key is None else text_fault(key, "idempotencyKey", most=most, least=1)
