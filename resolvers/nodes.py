"""Whatever has a global id, fetched by it."""

import asyncio
from typing import Any

import strawberry

from execution.loader import Loader
from loaders.notifications import AuthorsDay, NewPostsOfDay, OwnNotificationById
from loaders.posts import HashtagById, VisibleMediaById, VisiblePostById
from loaders.reactions import VisibleCommentById
from loaders.scope import Scope
from loaders.users import OwnAccountById, UserById
from resolvers.context import Info
from rules.errors import BadRequest
from rules.node_ids import decode
from stores.rows import Account, Comment, Hashtag, Media, Notification, Post, User

Node = User | Account | Post | Media | Comment | Hashtag | Notification

_LOADERS: dict[str, type[Loader[Scope, int, Any]]] = {
    "User": UserById,
    "Viewer": OwnAccountById,
    "Post": VisiblePostById,
    "Media": VisibleMediaById,
    "Comment": VisibleCommentById,
    "Hashtag": HashtagById,
    "Notification": OwnNotificationById,
}


async def node(info: Info, id: strawberry.ID) -> Node | None:
    """Null where nothing is there, or the viewer may not see it."""
    found, loaders = decode(id), info.context.loaders
    if found is None:
        return None
    if found.day is not None:
        day = AuthorsDay(found.id, found.day)
        return await loaders[NewPostsOfDay].load(day) if found.type_name == "Notification" else None
    loader = _LOADERS.get(found.type_name)
    row: Node | None = await loaders[loader].load(found.id) if loader else None
    return row


async def nodes(info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
    """One entry for each id, in order."""
    most = info.context.deps.settings.nodes_limit
    if len(ids) > most:
        raise BadRequest(f"`nodes` takes at most {most} ids, these are {len(ids)}.")
    return await asyncio.gather(*(node(info, node_id) for node_id in ids))
