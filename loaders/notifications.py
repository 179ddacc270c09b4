"""Notifications, as far as their recipient may see what they are about."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from loaders.posts import FeedPostById, PostById, VisiblePostById
from loaders.reactions import CommentById, VisibleCommentById
from loaders.scope import Pair, PublicLoader, ScopedLoader, ViewerLoader
from loaders.users import PersonById, ToldOf
from rules.access import is_in_feed, is_told
from rules.notifications import day_of, first_of, is_day, new_posts
from stores.postgres import inboxes, notifications, posts
from stores.postgres.asking import Asks
from stores.postgres.inboxes import Inbox
from stores.postgres.relations import NOBODY
from stores.rows import Notification, Post, Relation


class InboxOfViewer(ViewerLoader[None, Inbox]):
    """How far does the viewer's inbox go, and how far is it read? There is but one: the key is None."""

    signed_out = Inbox(0, 0, 0, 0)

    @classmethod
    async def answers(cls, connection: Asks, pairs: Sequence[Pair[None]]) -> list[Inbox]:
        found = await inboxes.by_users(connection, [viewer_id for viewer_id, _ in pairs])
        return [found[viewer_id] for viewer_id, _ in pairs]


class VisibleNotification(ScopedLoader[Notification, Notification | None]):
    """Is all there that this names, as far as the viewer may see? It names only actors of whom he is told."""

    async def batch_load_fn(self, keys: list[Notification]) -> list[Notification | None]:
        await self._ask_about_people(keys)
        posts_ = self.loaders[VisiblePostById].load_many(_named(key.post_id for key in keys))
        comments = self.loaders[VisibleCommentById].load_many(_named(key.comment_id for key in keys))
        actor_ids = _named(actor_id for key in keys for actor_id in key.actor_ids)
        told_of = self.loaders[ToldOf].load_many(actor_ids)
        seen_posts = {None, *(row.id for row in await posts_ if row is not None)}
        seen_comments = {None, *(row.id for row in await comments if row is not None)}
        actors = {actor_id for actor_id, is_told in zip(actor_ids, await told_of, strict=True) if is_told}
        return [
            _with_actors(key, actors) if key.post_id in seen_posts and key.comment_id in seen_comments else None
            for key in keys
        ]

    async def _ask_about_people(self, keys: list[Notification]) -> None:
        """In one statement: about the actors, and the authors of what is named."""
        posts_ = self.loaders[PostById].load_many(_named(key.post_id for key in keys))
        comments = self.loaders[CommentById].load_many(_named(key.comment_id for key in keys))
        authors = [row.author_id for row in (*await posts_, *await comments) if row is not None]
        actors = _named(actor_id for key in keys for actor_id in key.actor_ids)
        await self.loaders[PersonById].load_many([*authors, *actors])


class OwnNotificationById(ScopedLoader[int, Notification | None]):
    """Which stored notification has this id, if it is the viewer's?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Notification | None]:
        async with self.scope.database.read() as connection:
            rows = await notifications.by_ids(connection, keys)
        own = [row for row in rows if row.recipient_id == self.scope.viewer_id]
        seen = {row.id: row for row in await self.loaders[VisibleNotification].load_many(own) if row is not None}
        return [seen.get(key) for key in keys]


class AuthorsDay(NamedTuple):
    author_id: int
    day: int


class LatestPostOfDay(PublicLoader[AuthorsDay, Post | None]):
    """Which is the latest post that this author published on this day?"""

    @classmethod
    async def answers(cls, connection: Asks, keys: Sequence[AuthorsDay]) -> list[Post | None]:
        ranges = [(key.author_id, first_of(key.day), first_of(key.day + 1)) for key in keys if is_day(key.day)]
        found = {
            AuthorsDay(post.author_id, day_of(post.feed_id or 0)): post
            for post in await posts.latest_within(connection, ranges)
        }
        return [found.get(key) for key in keys]


class NewPostsOfDay(ScopedLoader[AuthorsDay, Notification | None]):
    """What is the viewer told of the posts of this author on this day?"""

    async def batch_load_fn(self, keys: list[AuthorsDay]) -> list[Notification | None]:
        viewer_id = self.scope.viewer_id
        if viewer_id is None:
            return [None] * len(keys)
        latest = await self.loaders[LatestPostOfDay].load_many(keys)
        authors = await self.loaders[PersonById].load_many(post.author_id if post else NOBODY for post in latest)
        told = {
            key: new_posts(viewer_id, post)
            for key, post, author in zip(keys, latest, authors, strict=True)
            if post is not None and author is not None and _is_told_of_posts(author.relation)
        }
        seen = dict(zip(told, await self.loaders[VisibleNotification].load_many(told.values()), strict=True))
        return [seen.get(key) for key in keys]


class NewPostsByPost(ScopedLoader[int, Notification | None]):
    """What is the viewer told of this post, and of the others of its author and day?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Notification | None]:
        found = [post for post in await self.loaders[FeedPostById].load_many(keys) if post is not None]
        days = [AuthorsDay(post.author_id, day_of(post.feed_id or 0)) for post in found]
        told = dict(zip((post.id for post in found), await self.loaders[NewPostsOfDay].load_many(days), strict=True))
        return [told.get(key) for key in keys]


def _is_told_of_posts(relation: Relation) -> bool:
    return is_in_feed(relation) and is_told(relation)


def _with_actors(notification: Notification, actors: set[int]) -> Notification | None:
    """With those of its actors who are among these; None where there is none."""
    actor_ids = tuple(actor_id for actor_id in notification.actor_ids if actor_id in actors)
    return replace(notification, actor_ids=actor_ids) if actor_ids else None


def _named(ids: Iterable[int | None]) -> list[int]:
    return list({id_ for id_ in ids if id_ is not None})
