"""Telling devices by Web Push: of notifications, and of new posts. What is seen or undone meanwhile is not told.

A job that is repeated tells its devices again, and they show the same once, as its tag replaces what they show. One
that could not be told gets a job of its own, so that it neither repeats nor delays the others.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.access import is_told, may_see_comment, may_see_post
from services import push_delivery, push_messages
from services.deps import Deps
from services.events import NotificationNotPushed, PostNotPushed, PostPushing
from stores.postgres import (
    comments,
    inboxes,
    notifications,
    posts,
    push_fan_outs,
    push_subscriptions,
    relations,
    users,
)
from stores.push_services import Message
from stores.rows import Notification, NotificationKind, Post, PushSubscription


async def tell_of_notification(deps: Deps, notification_id: int, place: int) -> None:
    """Tell its recipient's devices, unless it is read, undone or quiet, or has grown since: then that is told."""
    notification = await _untold(deps, notification_id, place)
    if notification is None:
        return
    async with deps.database.read() as connection:
        devices = await push_subscriptions.of_user(connection, notification.recipient_id)
    if devices:
        message = await _about_notification(deps, notification)
        await push_delivery.to_all(
            deps, devices, message, lambda device: NotificationNotPushed(device.id, notification_id, place)
        )


async def tell_one_of_notification(deps: Deps, subscription_id: int, notification_id: int, place: int) -> None:
    """As `tell_of_notification`, to one device; `TryLater` where it cannot be told."""
    notification = await _untold(deps, notification_id, place)
    if notification is None:
        return
    async with deps.database.read() as connection:
        device = await push_subscriptions.find(connection, subscription_id)
    if device is not None and device.user_id == notification.recipient_id:
        await push_delivery.to_one(deps, device, await _about_notification(deps, notification))


async def tell_of_post(deps: Deps, post_id: int, *, above: int, up_to: int) -> None:
    """Tell the devices of those followers whose follows are in (above, up_to]; before, have the next chunk told.

    So a chunk that is told twice repeats no other, and chunks are told side by side.
    """
    post = await _fresh(deps, post_id)
    if post is None:
        return
    await _announce_next(deps, post, up_to)
    async with deps.database.read() as connection:
        followers = await push_subscriptions.of_followers(
            connection, post.author_id, above=above, up_to=up_to, unseen=_place(post)
        )
        devices = await _unread(connection, followers, post)
    if devices:
        message = await _about_post(deps, post)
        await push_delivery.to_all(deps, devices, message, lambda device: PostNotPushed(device.id, post_id))


async def tell_one_of_post(deps: Deps, subscription_id: int, post_id: int) -> None:
    """As `tell_of_post`, to one device; `TryLater` where it cannot be told."""
    post = await _fresh(deps, post_id)
    if post is None:
        return
    async with deps.database.read() as connection:
        follower = await push_subscriptions.of_follower(
            connection, post.author_id, subscription_id=subscription_id, unseen=_place(post)
        )
        devices = await _unread(connection, [follower] if follower else [], post)
    if devices:
        await push_delivery.to_one(deps, devices[0], await _about_post(deps, post))


async def _untold(deps: Deps, notification_id: int, place: int) -> Notification | None:
    """None where the recipient need not be told of it any more, or not by this job."""
    async with deps.database.read() as connection:
        found = await notifications.by_ids(connection, [notification_id])
        if not found or not _is_told(deps, found[0].kind):
            return None
        [notification] = found
        read_place = (await inboxes.find(connection, notification.recipient_id)).read_place
        is_due = read_place < notification.place <= place and _is_fresh(deps, notification.newest_at)
        return await _as_seen(connection, notification) if is_due else None


async def _fresh(deps: Deps, post_id: int) -> Post | None:
    """None where nobody is told of it any more."""
    if not _is_told(deps, "NEW_POST"):
        return None
    async with deps.database.read() as connection:
        found = await posts.by_ids(connection, [post_id])
    is_due = found and found[0].published_at is not None and _is_fresh(deps, found[0].published_at)
    return found[0] if is_due else None


def _is_told(deps: Deps, kind: NotificationKind) -> bool:
    return deps.push_services.public_key is not None and kind in deps.settings.push_kinds


async def _as_seen(connection: AsyncConnection, notification: Notification) -> Notification | None:
    """With those actors of whom its recipient is told; None where there is none, or what it names is not his to see."""
    post_id, comment_id = notification.post_id, notification.comment_id
    on = [] if post_id is None else await posts.by_ids(connection, [post_id])
    by = [] if comment_id is None else await comments.by_ids(connection, [comment_id])
    asked = {*notification.actor_ids, *(post.author_id for post in on), *(comment.author_id for comment in by)}
    viewer_id = notification.recipient_id
    people = await relations.seen(connection, [(viewer_id, user_id) for user_id in asked])
    to = {user_id: person.relation for (_, user_id), person in people.items()}
    sees_post = post_id is None or any(may_see_post(to[post.author_id], post) for post in on)
    sees_comment = comment_id is None or any(may_see_comment(to[one.author_id]) for one in by)
    actor_ids = tuple(actor_id for actor_id in notification.actor_ids if is_told(to[actor_id]))
    return replace(notification, actor_ids=actor_ids) if sees_post and sees_comment and actor_ids else None


def _is_fresh(deps: Deps, since: datetime) -> bool:
    """Whether push services would still have the message that was sent then."""
    return datetime.now(UTC) - since < timedelta(seconds=deps.settings.push_ttl_s)


async def _announce_next(deps: Deps, post: Post, up_to: int) -> None:
    async with deps.database.read() as connection:
        end = await push_subscriptions.chunk_end(connection, post.author_id, above=up_to, most=deps.settings.push_chunk)
    if end is not None:
        async with deps.database.unit_of_work() as uow:
            if await push_fan_outs.advance(uow.connection, post.id, above=up_to, up_to=end):
                await uow.announce(PostPushing(post.id, up_to, end))


async def _unread(
    connection: AsyncConnection, devices: Sequence[PushSubscription], post: Post
) -> list[PushSubscription]:
    """Those whose accounts have not read of the post among their notifications."""
    user_ids = list({device.user_id for device in devices})
    readers = await inboxes.readers_of(connection, user_ids, feed_id=_place(post)) if user_ids else set()
    return [device for device in devices if device.user_id not in readers]


async def _about_notification(deps: Deps, notification: Notification) -> Message:
    async with deps.database.read() as connection:
        actors = await users.by_ids(connection, notification.actor_ids)
    return push_messages.of_notification(notification, {actor.id: actor for actor in actors})


async def _about_post(deps: Deps, post: Post) -> Message:
    async with deps.database.read() as connection:
        [author] = await users.by_ids(connection, [post.author_id])
    return push_messages.of_post(post, author)


def _place(post: Post) -> int:
    return post.feed_id or 0
