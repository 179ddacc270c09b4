"""The feed page of the peers' benchmark, in memory."""

from datetime import UTC, datetime
from typing import NamedTuple

from bench.peers import feed_types
from bench.peers.feed_types import Ids, Row, schema
from execution.loader import Loaders

__all__ = ["Context", "schema"]

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
POSTS, AUTHORS, EACH = 20, 50, 2


class Post(NamedTuple):
    id: str
    author_id: str
    caption: str
    like_count: int
    comment_count: int
    created_at: datetime = NOW


class User(NamedTuple):
    id: str
    username: str
    display_name: str
    bio: str


class Media(NamedTuple):
    id: str
    object_key: str
    kind: str = "IMAGE"
    width: int = 1080
    height: int = 1350
    blurhash: str = "LEHV6nWB2yk8pyo0adR*.7kCMdnj"


class Comment(NamedTuple):
    id: str
    author_id: str
    text: str = "nice photo! " * 4
    created_at: datetime = NOW


class Memory:
    """Answers at once."""

    async def feed(self, most: int, after: str | None) -> Ids:
        return list(PAGE)[:most]

    async def posts(self, ids: Ids) -> list[Row]:
        return [PAGE[id_] for id_ in ids]

    async def users(self, ids: Ids) -> list[Row]:
        return [USERS[id_] for id_ in ids]

    async def media(self, post_ids: Ids) -> list[list[Row]]:
        return [MEDIA[id_] for id_ in post_ids]

    async def comments(self, post_ids: Ids, first: int) -> list[list[Row]]:
        return [COMMENTS[id_][:first] for id_ in post_ids]

    async def liked(self, post_ids: Ids) -> list[bool]:
        return [int(id_) % 2 == 0 for id_ in post_ids]

    async def followed(self, user_ids: Ids) -> list[bool]:
        return [int(id_) % 3 == 0 for id_ in user_ids]


class Context(feed_types.Context):
    def __init__(self) -> None:
        super().__init__("1", MEMORY, Loaders(MEMORY))


MEMORY = Memory()


def _user(at: int) -> User:
    return User(str(at), f"user{at}", f"User {at}", f"https://cdn/avatars/{at}.webp")


USERS = {str(at): _user(at) for at in range(AUTHORS)}
PAGE = {str(at): Post(str(at), str(at), "a caption of a photo " * 3, at * 3, at) for at in range(POSTS + 1)}
MEDIA = {id_: [Media(f"{id_}-{at}", f"media/{id_}/{at}.webp") for at in range(EACH)] for id_ in PAGE}
COMMENTS = {
    id_: [Comment(f"{id_}-{at}", str((int(post.author_id) + at) % AUTHORS)) for at in range(EACH)]
    for id_, post in PAGE.items()
}
