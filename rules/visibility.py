"""Who may see what. Loaders bound to a viewer apply this, so that every way to a thing passes through it."""

from stores.postgres.feed import Judged
from stores.rows import Media, Post


def may_see_post(viewer_id: int | None, post: Post) -> bool:
    """Published posts are everybody's; until then, only their author's."""
    return post.status == "PUBLISHED" or post.author_id == viewer_id


def is_in_feed(judged: Judged) -> bool:
    """Of live, published posts: the viewer's own, and those of whom the viewer follows."""
    return judged.followed


def may_see_media(viewer_id: int | None, media: Media, *, in_seen_post: bool) -> bool:
    """Media are seen with their post; those of no post, by their owner alone."""
    return media.owner_id == viewer_id or in_seen_post
