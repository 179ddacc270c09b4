"""Posts of which sights tell: what is beneath them is known to the loaders, as far as its rows have been read before.

So what is made of them comes of their sights alone, and is the same whenever the sights are.
"""

from collections.abc import Hashable, Sequence
from typing import TypeVar

from execution.loader import Loader, Loaders
from loaders.posts import MediaByPost, PostById, VisiblePostById
from loaders.reactions import CommentRowsByPost, LikedByViewer, SavedByViewer, VisibleCommentById
from loaders.scope import Scope
from loaders.users import PersonById, UserById, seen_as
from rules.access import may_see_comment
from stores.postgres import posts
from stores.postgres.database import Database
from stores.postgres.pages import Below
from stores.postgres.sights import SeenComment, Sight, Versions
from stores.postgres.watched import Watched
from stores.rows import Comment, Media, Person, Post, User

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Told:
    """What sights tell, and a context's loaders that know it."""

    def __init__(self, database: Database, viewer_id: int | None) -> None:
        self._database, self.watched = database, Watched(database)
        self.loaders = Loaders(Scope(self.watched, viewer_id))
        self._is_one = True

    def is_all(self) -> bool:
        """Whether the loaders have not needed anything else, and the sights did not contradict each other."""
        return self._is_one and not self.watched.was_asked

    async def posts(self, sights: Sequence[Sight]) -> list[Post | None]:
        """In the order of the sights; None for what is erased since."""
        versions = {sight.id: Versions.of(sight) for sight in sights}
        rows = {sight.id: self._known(sight, versions[sight.id]) for sight in sights}
        unknown = [sight for sight in sights if rows[sight.id] is None]
        if unknown:
            fetched = await self._database.ask(posts.with_authors, [sight.id for sight in unknown])
            for sight, found in zip(unknown, fetched, strict=True):
                rows[sight.id] = found
                self._is_one &= found is not None and found == self._known(sight, versions[sight.id])
        return [self._tell(sight, versions[sight.id], rows[sight.id]) for sight in sights]

    def _known(self, sight: Sight, versions: Versions) -> tuple[Post, User] | None:
        post = self._database.known(Post, sight.id, versions.post)
        author = self._database.known(User, sight.author_id, versions.author)
        return None if post is None or author is None else (post, author)

    def _tell(self, sight: Sight, versions: Versions, rows: tuple[Post, User] | None) -> Post | None:
        """Whatever has changed since the sight, the post is shown as it was allowed then."""
        if rows is None:
            return None
        post, author = rows
        self._know(PostById, post.id, post)
        self._know(VisiblePostById, post.id, post)
        self._know(PersonById, author.id, Person(author, sight.relation))
        self._know(LikedByViewer, post.id, versions.is_liked)
        self._know(SavedByViewer, post.id, versions.is_saved)
        media = [self._database.known(Media, *one) for one in versions.media]
        if None not in media:
            self._know(MediaByPost, post.id, [one for one in media if one is not None])
        if versions.most:
            self._tell_comments(post, versions)
        return post

    def _tell_comments(self, post: Post, versions: Versions) -> None:
        rows = [self._database.known(Comment, one.id, one.version) for one in versions.comments]
        if None in rows:
            return
        comments = [row for row in rows if row is not None]
        page = Below(post.id, post.comment_place + 1, versions.most)
        self._know(CommentRowsByPost, page, comments)
        for seen, comment in zip(versions.comments, comments, strict=True):
            self._know(VisibleCommentById, comment.id, comment if may_see_comment(seen.relation) else None)
            self._tell_commentator(seen, comment.author_id)

    def _tell_commentator(self, seen: SeenComment, author_id: int) -> None:
        user = self._database.known(User, author_id, seen.author_version)
        if user is not None:
            self._know(UserById, user.id, seen_as(Person(user, seen.relation)))

    def _know(self, kind: type[Loader[Scope, K, V]], key: K, value: V) -> None:
        self._is_one &= self.loaders[kind].prime(key, value).is_known(key, value)
