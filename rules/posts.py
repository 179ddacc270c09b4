"""What a post may be made of."""

from collections.abc import Sequence

from rules.errors import Invalid, NotFound, NotReady, TooMany, TooShort, UserFault
from rules.text import hashtag_name, hashtags_in, text_fault
from stores.rows import Media, PostStatus


def media_fault(asked: Sequence[int | None], *, most: int) -> UserFault | None:
    """Judges the list itself: 1 to `most` different media."""
    if not asked:
        return TooShort("Add at least one picture.", "mediaIds")
    if len(asked) > most:
        return TooMany(f"A post has at most {most} pictures.", "mediaIds")
    if len(set(asked)) < len(asked) and None not in asked:
        return Invalid("The same picture is there twice.", "mediaIds")
    return None


def medium_fault(media: Media | None, *, post_id: int, published: bool) -> UserFault | None:
    """Judges one picture for a post: its owner's, in no other post, arrived, readable; READY for a published post."""
    if media is None:
        return NotFound("There is no such upload of yours.", "mediaIds")
    if media.post_id not in (None, post_id):
        return Invalid("This picture is in another post already.", "mediaIds")
    if media.status == "FAILED":
        return Invalid(media.failure_reason or "This picture could not be read.", "mediaIds")
    if media.status == "PENDING":
        return NotReady("This picture has not arrived yet: complete its upload first.", "mediaIds")
    if published and media.status != "READY":
        return NotReady("This picture is still being prepared. Try again in a moment.", "mediaIds")
    return None


def status_of(media: Sequence[Media]) -> PostStatus:
    """Of a post with these media."""
    states = {row.status for row in media}
    if "FAILED" in states:
        return "FAILED"
    return "PUBLISHED" if states == {"READY"} else "PROCESSING"


def tags_fault(caption: str, tags: Sequence[str], *, most: int) -> UserFault | None:
    if any(hashtag_name(tag) is None for tag in tags):
        return Invalid("A hashtag is one word of letters, digits and _, with a letter in it.", "tags")
    if len(hashtags_of(caption, tags)) > most:
        return TooMany(f"A post has at most {most} hashtags, in its caption and besides.", "tags")
    return None


def hashtags_of(caption: str, tags: Sequence[str]) -> list[str]:
    """Those in the caption first, then the others, without repeats."""
    named = (hashtag_name(tag) for tag in tags)
    return list(dict.fromkeys([*hashtags_in(caption), *filter(None, named)]))


def place_fault(name: str, latitude: float | None, longitude: float | None, *, most: int) -> UserFault | None:
    if (latitude is None) != (longitude is None):
        return Invalid("Give both latitude and longitude, or neither.", "location")
    if latitude is not None and not -90 <= latitude <= 90:
        return Invalid("A latitude is between -90 and 90 degrees.", "location", "latitude")
    if longitude is not None and not -180 <= longitude <= 180:
        return Invalid("A longitude is between -180 and 180 degrees.", "location", "longitude")
    return text_fault(name, "location", "name", most=most, least=1)
