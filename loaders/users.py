"""Users and what the viewer has to do with them."""

from loaders.scope import ScopedLoader
from stores.postgres import accounts, follows, posts, users
from stores.rows import Account, User


class UserById(ScopedLoader[int, User | None]):
    """Who has this id?"""

    async def batch_load_fn(self, keys: list[int]) -> list[User | None]:
        async with self.scope.database.read() as connection:
            found = {user.id: user for user in await users.by_ids(connection, keys)}
        return [found.get(key) for key in keys]


class UserByUsername(ScopedLoader[str, User | None]):
    """Who has this username, as it is kept?"""

    async def batch_load_fn(self, keys: list[str]) -> list[User | None]:
        async with self.scope.database.read() as connection:
            found = {user.username: user for user in await users.by_usernames(connection, keys)}
        return [found.get(key) for key in keys]


class OwnAccountById(ScopedLoader[int, Account | None]):
    """What only the viewer may know: the account of this id, if it is the viewer's."""

    async def batch_load_fn(self, keys: list[int]) -> list[Account | None]:
        async with self.scope.database.read() as connection:
            own = await accounts.by_ids(connection, [key for key in keys if key == self.scope.viewer_id])
        return [own[0] if own and own[0].id == key else None for key in keys]


class PostCountByAuthor(ScopedLoader[int, int]):
    """How many published posts does this author have?"""

    async def batch_load_fn(self, keys: list[int]) -> list[int]:
        async with self.scope.database.read() as connection:
            counts = await posts.counts_by_authors(connection, keys)
        return [counts.get(key, 0) for key in keys]


class FollowedByViewer(ScopedLoader[int, bool]):
    """Does the viewer follow this user?"""

    async def batch_load_fn(self, keys: list[int]) -> list[bool]:
        if self.scope.viewer_id is None:
            return [False] * len(keys)
        async with self.scope.database.read() as connection:
            followed = await follows.followed_among(connection, self.scope.viewer_id, keys)
        return [key in followed for key in keys]


class FollowsViewer(ScopedLoader[int, bool]):
    """Does this user follow the viewer?"""

    async def batch_load_fn(self, keys: list[int]) -> list[bool]:
        if self.scope.viewer_id is None:
            return [False] * len(keys)
        async with self.scope.database.read() as connection:
            followers = await follows.followers_among(connection, self.scope.viewer_id, keys)
        return [key in followers for key in keys]
