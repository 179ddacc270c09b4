"""What tails of streams ask for. In each stream rows become visible in the order of their positions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Executable, text
from sqlalchemy.ext.asyncio import AsyncConnection


class Happening(NamedTuple):
    """A row of a stream. `key`: whose stream it is; `author_id`: who did it, 0 where that may be many."""

    key: int
    position: int
    thing_id: int
    author_id: int


PUBLICATIONS = 0
"""The key of the one stream of all publications."""

_PUBLICATIONS_AFTER = text(
    """
    select cast(0 as bigint), feed_id, id, author_id from posts
    where feed_id > :position and deleted_at is null order by feed_id limit :most
    """
)


async def publications_after(
    connection: AsyncConnection, positions: Mapping[int, int], most: int
) -> Sequence[Happening]:
    """The first `most` live posts that were published after a `feed_id`, in the order of their publication."""
    return await _happenings(connection, _PUBLICATIONS_AFTER, position=positions[PUBLICATIONS], most=most)


_FOLLOWERS = text(
    """
    select followee_id, follower_id from follows
    where follower_id = any(cast(:viewer_ids as bigint[])) and followee_id = any(cast(:author_ids as bigint[]))
        and not exists (select from mutes where muter_id = follower_id and muted_id = followee_id)
    """
)


async def followers_among(
    connection: AsyncConnection, author_ids: Collection[int], viewer_ids: Collection[int]
) -> Mapping[int, set[int]]:
    """For each author, those viewers who follow him and have not muted him."""
    rows = await connection.execute(_FOLLOWERS, {"author_ids": list(author_ids), "viewer_ids": list(viewer_ids)})
    found: dict[int, set[int]] = {author_id: set() for author_id in author_ids}
    for author_id, viewer_id in rows:
        found[author_id].add(viewer_id)
    return found


_FEED_BETWEEN = text(
    """
    select cast(0 as bigint), missed.feed_id, missed.id, author.id
    from (
        select followee_id as id from follows
        where follower_id = :viewer_id
            and not exists (select from mutes where muter_id = :viewer_id and muted_id = followee_id)
        union all select :viewer_id
    ) as author
    cross join lateral (
        select feed_id, posts.id from posts
        where author_id = author.id and feed_id > :after and feed_id <= :upto and deleted_at is null
        order by feed_id limit :most
    ) as missed
    order by missed.feed_id limit :most
    """
)


async def feed_between(
    connection: AsyncConnection, viewer_id: int, after: int, upto: int, most: int
) -> Sequence[Happening]:
    """The first `most` posts of the viewer and followees not muted above a `feed_id`, up to and including another."""
    return await _happenings(connection, _FEED_BETWEEN, viewer_id=viewer_id, after=after, upto=upto, most=most)


_COMMENTS_AFTER = text(
    """
    select asked.post_id, latest.place, latest.id, latest.author_id
    from unnest(cast(:post_ids as bigint[]), cast(:places as bigint[])) as asked (post_id, place)
    cross join lateral (
        select comments.place, comments.id, comments.author_id from comments
        where comments.post_id = asked.post_id and comments.place > asked.place
        order by comments.place limit :most
    ) as latest
    order by asked.post_id, latest.place
    """
)


async def comments_after(connection: AsyncConnection, positions: Mapping[int, int], most: int) -> Sequence[Happening]:
    """Of each post, the first `most` comments above a place, ascending."""
    given = {"post_ids": list(positions), "places": list(positions.values())}
    return await _happenings(connection, _COMMENTS_AFTER, **given, most=most)


_COMMENTS_BETWEEN = text(
    """
    select post_id, place, id, author_id from comments
    where post_id = :post_id and place > :after and place <= :upto order by place limit :most
    """
)


async def comments_between(
    connection: AsyncConnection, post_id: int, after: int, upto: int, most: int
) -> Sequence[Happening]:
    """The first `most` comments of a post above a place, up to and including another."""
    return await _happenings(connection, _COMMENTS_BETWEEN, post_id=post_id, after=after, upto=upto, most=most)


async def last_comment(connection: AsyncConnection, post_id: int) -> int:
    """The highest place that any comment of a post has had; 0 where there is no such post."""
    return await connection.scalar(text("select comment_place from posts where id = :id"), {"id": post_id}) or 0


_NOTIFICATIONS_AFTER = text(
    """
    select asked.user_id, latest.place, latest.id, cast(0 as bigint)
    from unnest(cast(:user_ids as bigint[]), cast(:places as bigint[])) as asked (user_id, place)
    cross join lateral (
        select notifications.place, notifications.id from notifications
        where notifications.recipient_id = asked.user_id and notifications.place > greatest(asked.place, 0)
        order by notifications.place limit :most
    ) as latest
    order by asked.user_id, latest.place
    """
)


async def notifications_after(
    connection: AsyncConnection, positions: Mapping[int, int], most: int
) -> Sequence[Happening]:
    """Of each inbox, the first `most` that came or grew above a place, ascending."""
    given = {"user_ids": list(positions), "places": list(positions.values())}
    return await _happenings(connection, _NOTIFICATIONS_AFTER, **given, most=most)


_NOTIFICATIONS_BETWEEN = text(
    """
    select recipient_id, place, id, cast(0 as bigint) from notifications
    where recipient_id = :user_id and place > greatest(cast(:after as bigint), 0) and place <= :upto
    order by place limit :most
    """
)


async def notifications_between(
    connection: AsyncConnection, user_id: int, after: int, upto: int, most: int
) -> Sequence[Happening]:
    """The first `most` of an inbox above a place, up to and including another."""
    return await _happenings(connection, _NOTIFICATIONS_BETWEEN, user_id=user_id, after=after, upto=upto, most=most)


async def last_notification(connection: AsyncConnection, user_id: int) -> int:
    """The highest place that anything in an inbox has had."""
    return await connection.scalar(text("select last from inboxes where user_id = :id"), {"id": user_id}) or 0


async def _happenings(connection: AsyncConnection, statement: Executable, **given: Any) -> Sequence[Happening]:
    """Any: whatever the statement is given."""
    return [Happening(*row) for row in await connection.execute(statement, given)]
