"""Pages of lists: which ids stand in them, for all lists of a level in one statement."""

from collections.abc import Sequence

from loaders.scope import PublicLoader
from stores.postgres import follows, hashtags, posts, relations
from stores.postgres.asking import Asks
from stores.postgres.pages import Below
from stores.rows import Entry


class PageLoader(PublicLoader[Below, list[Entry]]):
    """Which ids stand on this page? What the viewer may not see among them is for hydration to leave out."""

    @staticmethod
    async def read(connection: Asks, pages: Sequence[Below]) -> list[list[Entry]]:
        raise NotImplementedError

    @classmethod
    async def answers(cls, connection: Asks, keys: Sequence[Below]) -> list[list[Entry]]:
        return await cls.read(connection, keys)


class PostsByAuthor(PageLoader):
    """Published posts, latest published first."""

    read = staticmethod(posts.pages_by_author)


class PostsByHashtag(PageLoader):
    """Published posts, latest published first."""

    read = staticmethod(hashtags.post_pages)


class FollowersByUser(PageLoader):
    """Who follows this user, newest follower first."""

    read = staticmethod(follows.follower_pages)


class FolloweesByUser(PageLoader):
    """Whom this user follows, latest followed first."""

    read = staticmethod(follows.followee_pages)


class RequestersByUser(PageLoader):
    """Who asks to follow this user, latest first."""

    read = staticmethod(relations.requester_pages)


class BlockedByUser(PageLoader):
    """Whom this user has blocked, latest first."""

    read = staticmethod(relations.blocked_pages)


class MutedByUser(PageLoader):
    """Whom this user has muted, latest first."""

    read = staticmethod(relations.muted_pages)
