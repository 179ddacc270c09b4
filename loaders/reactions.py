"""Comments, and what the viewer likes and has saved."""

from collections.abc import Sequence

from loaders.marks import MarkLoader
from loaders.pages import PageLoader
from loaders.posts import NO_POST, VisiblePostById
from loaders.rows import RowById
from loaders.scope import PublicLoader, ScopedLoader
from loaders.users import PersonById
from rules.access import may_see_comment
from stores.postgres import comments, reactions
from stores.postgres.asking import Asks
from stores.postgres.pages import Below
from stores.postgres.relations import NOBODY
from stores.rows import Comment, Entry


class LikedByViewer(MarkLoader):
    """Does the viewer like this post?"""

    among = staticmethod(reactions.liked_posts_among)


class CommentLikedByViewer(MarkLoader):
    """Does the viewer like this comment?"""

    among = staticmethod(reactions.liked_comments_among)


class SavedByViewer(MarkLoader):
    """Has the viewer saved this post?"""

    among = staticmethod(reactions.saved_among)


class CommentById(RowById[Comment]):
    """Which comment has this id?"""

    read = staticmethod(comments.by_ids)


class VisibleCommentById(ScopedLoader[int, Comment | None]):
    """Which comment has this id, if the viewer may see it, and the post?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Comment | None]:
        found = await self.loaders[CommentById].load_many(keys)
        on = self.loaders[VisiblePostById].load_many(row.post_id if row else NO_POST for row in found)
        by = self.loaders[PersonById].load_many(row.author_id if row else NOBODY for row in found)
        self.loaders[PersonById].load_many(row.post_author_id for row in found if row)  # in the same statement
        return [
            row if row and post and author and may_see_comment(author.relation) else None
            for row, post, author in zip(found, await on, await by, strict=True)
        ]

    def clear(self, key: int) -> "VisibleCommentById":
        self.loaders[CommentById].clear(key)
        super().clear(key)
        return self


class CommentRowsByPost(PublicLoader[Below, list[Comment]]):
    """The comments of this post, newest first."""

    @classmethod
    async def answers(cls, connection: Asks, keys: Sequence[Below]) -> list[list[Comment]]:
        return await comments.pages_by_post(connection, keys)


class CommentsByPost(PageLoader):
    """The comments of this post, which the viewer may see, newest first. Their rows come along."""

    async def batch_load_fn(self, keys: list[Below]) -> list[list[Entry]]:
        pages = await self.loaders[CommentRowsByPost].load_many(keys)
        self.loaders[CommentById].prime_many({comment.id: comment for page in pages for comment in page})
        return [[Entry(comment.place, comment.id) for comment in page] for page in pages]


class LikersByPost(PageLoader):
    """Who likes this post, newest like first."""

    read = staticmethod(reactions.liker_pages)


class SavedByUser(PageLoader):
    """What this user has saved, latest saved first."""

    read = staticmethod(reactions.saved_pages)
