"""Posts, their media and their hashtags, as far as the viewer may see them."""

from collections.abc import Sequence

from loaders.rows import RowById
from loaders.scope import PublicLoader, ScopedLoader
from loaders.users import PersonById
from rules.access import is_in_feed, may_see_media, may_see_post
from stores.postgres import hashtags, media, posts
from stores.postgres.asking import Asks
from stores.postgres.relations import NOBODY
from stores.rows import Hashtag, Media, Post, Relation

NO_POST = 0
"""Stands for a post that is not there: asked for all the same, so that its absence takes no less time."""


class PostById(RowById[Post]):
    """Which post that is not deleted has this id?"""

    read = staticmethod(posts.by_ids)


class VisiblePostById(ScopedLoader[int, Post | None]):
    """Which post has this id, if the viewer may see it?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Post | None]:
        found = await self.loaders[PostById].load_many(keys)
        authors = await self.loaders[PersonById].load_many(row.author_id if row else NOBODY for row in found)
        return [
            row if row is not None and author is not None and may_see_post(author.relation, row) else None
            for row, author in zip(found, authors, strict=True)
        ]

    def clear(self, key: int) -> "VisiblePostById":
        self.loaders[PostById].clear(key)
        super().clear(key)
        return self


class FeedPostById(ScopedLoader[int, Post | None]):
    """Which post has this id, if it is in the viewer's home feed?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Post | None]:
        found = [post for post in await self.loaders[VisiblePostById].load_many(keys) if post is not None]
        authors = await self.loaders[PersonById].load_many(post.author_id for post in found)
        in_feed = {
            post.id: post
            for post, author in zip(found, authors, strict=True)
            if post.feed_id is not None and author is not None and is_in_feed(author.relation)
        }
        return [in_feed.get(key) for key in keys]


class MediaByPost(PublicLoader[int, list[Media]]):
    """What does this post, which the viewer may see, show? In the author's order."""

    @classmethod
    async def answers(cls, connection: Asks, keys: Sequence[int]) -> list[list[Media]]:
        shown: dict[int | None, list[Media]] = {key: [] for key in keys}
        for row in await media.by_posts(connection, keys):
            shown[row.post_id].append(row)
        return [shown[key] for key in keys]


class MediaById(RowById[Media]):
    """Which picture has this id?"""

    read = staticmethod(media.by_ids)


class VisibleMediaById(ScopedLoader[int, Media | None]):
    """Which picture has this id, if the viewer may see it?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Media | None]:
        found = await self.loaders[MediaById].load_many(keys)
        post_ids = {row.post_id or NO_POST if row else NO_POST for row in found}
        seen = {post.id for post in await self.loaders[VisiblePostById].load_many(post_ids) if post is not None}
        return [row if row is not None and self._is_seen(row, seen) else None for row in found]

    def _is_seen(self, row: Media, seen_posts: set[int]) -> bool:
        to_owner = Relation(is_self=row.owner_id == self.scope.viewer_id)
        return may_see_media(to_owner, in_seen_post=row.post_id in seen_posts)


class HashtagById(RowById[Hashtag]):
    """Which hashtag has this id?"""

    read = staticmethod(hashtags.by_ids)


class HashtagByName(PublicLoader[str, Hashtag | None]):
    """Which hashtag has this name, as it is kept?"""

    @classmethod
    async def answers(cls, connection: Asks, keys: Sequence[str]) -> list[Hashtag | None]:
        found = {row.name: row for row in await hashtags.by_names(connection, keys)}
        return [found.get(key) for key in keys]
