"""Posts, their media and their hashtags, as far as the viewer may see them."""

from loaders.scope import ScopedLoader
from rules.visibility import may_see_media, may_see_post
from stores.postgres import hashtags, media, posts
from stores.rows import Hashtag, Media, Post


class VisiblePostById(ScopedLoader[int, Post | None]):
    """Which post has this id, if the viewer may see it?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Post | None]:
        async with self.scope.database.read() as connection:
            rows = await posts.by_ids(connection, keys)
        visible = {post.id: post for post in rows if may_see_post(self.scope.viewer_id, post)}
        return [visible.get(key) for key in keys]


class MediaByPost(ScopedLoader[int, list[Media]]):
    """What does this post, which the viewer may see, show? In the author's order."""

    async def batch_load_fn(self, keys: list[int]) -> list[list[Media]]:
        async with self.scope.database.read() as connection:
            rows = await media.by_posts(connection, keys)
        shown: dict[int | None, list[Media]] = {key: [] for key in keys}
        for row in rows:
            shown[row.post_id].append(row)
        return [shown[key] for key in keys]


class VisibleMediaById(ScopedLoader[int, Media | None]):
    """Which picture has this id, if the viewer may see it?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Media | None]:
        async with self.scope.database.read() as connection:
            found = {row.id: row for row in await media.by_ids(connection, keys)}
        post_ids = {row.post_id for row in found.values() if row.post_id is not None}
        seen = {post.id for post in await self.loaders[VisiblePostById].load_many(post_ids) if post is not None}
        viewer_id = self.scope.viewer_id
        visible = {
            row.id: row for row in found.values() if may_see_media(viewer_id, row, in_seen_post=row.post_id in seen)
        }
        return [visible.get(key) for key in keys]


class HashtagById(ScopedLoader[int, Hashtag | None]):
    """Which hashtag has this id?"""

    async def batch_load_fn(self, keys: list[int]) -> list[Hashtag | None]:
        async with self.scope.database.read() as connection:
            found = {row.id: row for row in await hashtags.by_ids(connection, keys)}
        return [found.get(key) for key in keys]


class HashtagByName(ScopedLoader[str, Hashtag | None]):
    """Which hashtag has this name, as it is kept?"""

    async def batch_load_fn(self, keys: list[str]) -> list[Hashtag | None]:
        async with self.scope.database.read() as connection:
            found = {row.name: row for row in await hashtags.by_names(connection, keys)}
        return [found.get(key) for key in keys]
