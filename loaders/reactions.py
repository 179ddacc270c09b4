"""Comments, and what the viewer likes and has saved."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from loaders.pages import PageLoader
from loaders.posts import VisiblePostById
from loaders.scope import ScopedLoader
from stores.postgres import comments, reactions
from stores.postgres.pages import Below
from stores.rows import Comment, Entry


class MarkLoader(ScopedLoader[int, bool]):
    """Has the viewer marked this? No, when signed out."""

    @staticmethod
    async def marked_among(connection: AsyncConnection, user_id: int, ids: Sequence[int]) -> set[int]:
        raise NotImplementedError

    async def batch_load_fn(self, keys: list[int]) -> list[bool]:
        if self.scope.viewer_id is None:
            return [False] * len(keys)
        async with self.scope.database.read() as connection:
            marked = await self.marked_among(connection, self.scope.viewer_id, keys)
        return [key in marked for key in keys]


class LikedByViewer(MarkLoader):
    """Does the viewer like this post?"""

    marked_among = staticmethod(reactions.liked_posts_among)


class CommentLikedByViewer(MarkLoader):
    """Does the viewer like this comment?"""

    marked_among = staticmethod(reactions.liked_comments_among)


class SavedByViewer(MarkLoader):
    """Has the viewer saved this post?"""

    marked_among = staticmethod(reactions.saved_among)


class VisibleCommentById(ScopedLoader[int, Comment | None]):
    """Which comment has this id, if the viewer may see the post?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Comment | None]:
        async with self.scope.database.read() as connection:
            found = {row.id: row for row in await comments.by_ids(connection, keys)}
        post_ids = {row.post_id for row in found.values()}
        seen = {post.id for post in await self.loaders[VisiblePostById].load_many(post_ids) if post is not None}
        return [found[key] if key in found and found[key].post_id in seen else None for key in keys]


class CommentsByPost(PageLoader):
    """The comments of this post, which the viewer may see, newest first. Their rows come along."""

    async def batch_load_fn(self, keys: list[Below]) -> list[list[Entry]]:
        async with self.scope.database.read() as connection:
            pages = await comments.pages_by_post(connection, keys)
        for comment in (comment for page in pages for comment in page):
            self.loaders[VisibleCommentById].prime(comment.id, comment)
        return [[Entry(comment.place, comment.id) for comment in page] for page in pages]


class LikersByPost(PageLoader):
    """Who likes this post, newest like first."""

    read = staticmethod(reactions.liker_pages)


class SavedByUser(PageLoader):
    """What this user has saved, latest saved first."""

    read = staticmethod(reactions.saved_pages)
