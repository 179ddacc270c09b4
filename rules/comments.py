"""Who may do what with a comment."""

from stores.rows import Comment


def may_delete(viewer_id: int | None, comment: Comment) -> bool:
    """Its author, and the author of the post."""
    return viewer_id is not None and viewer_id in (comment.author_id, comment.post_author_id)
