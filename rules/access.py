"""Who may see what, and who may do what. The one place that knows; loaders and services pass everything through it.

Pure: how a viewer stands to an account is asked of the truth, once per operation, by whoever calls. What somebody may
not see is answered as if it did not exist.
"""

from stores.rows import Comment, Post, Relation


def may_see_card(relation: Relation) -> bool:
    """That the account is there: its names, counts and privacy. Not where either has blocked the other."""
    return not (relation.is_blocked or relation.blocks_viewer)


def may_see_content(relation: Relation) -> bool:
    """Biography, posts with all that belongs to them, followers and followees: of a private account, for followers."""
    if relation.is_self:
        return True
    return may_see_card(relation) and (not relation.is_private or relation.is_followed)


def may_see_post(relation: Relation, post: Post) -> bool:
    """`relation`: to its author. Before it is published, a post is its author's alone."""
    return relation.is_self or (post.status == "PUBLISHED" and may_see_content(relation))


def may_see_comment(relation: Relation) -> bool:
    """`relation`: to its author. The post has to be one that the viewer may see."""
    return may_see_card(relation)


def may_see_media(relation: Relation, *, in_seen_post: bool) -> bool:
    """`relation`: to the owner. Media are seen with their post; those of no post, by their owner alone."""
    return relation.is_self or in_seen_post


def is_in_feed(relation: Relation) -> bool:
    """`relation`: to the author of a published post. The viewer's own are, and those of followees not muted."""
    return relation.is_self or (relation.is_followed and not relation.is_muted and may_see_card(relation))


def is_told(relation: Relation) -> bool:
    """Whether somebody is notified of what another does. `relation`: of the recipient to that other."""
    return not relation.is_self and not relation.is_muted and may_see_card(relation)


def may_delete_comment(viewer_id: int | None, comment: Comment) -> bool:
    """Its author, and the author of the post."""
    return viewer_id is not None and viewer_id in (comment.author_id, comment.post_author_id)
