"""Who is told of what: of likes, comments, mentions and followers. Nobody is told of what he did himself.

Each is called by a job with what has changed, and writes what is so when it runs.
"""

from collections.abc import Collection, Iterable, Sequence

from services.deps import Deps
from services.telling import Fact, tell
from stores.postgres import comments, follows, inboxes, posts, reactions, relations
from stores.postgres.activities import Key
from stores.postgres.reactions import Mark
from stores.rows import Comment


async def of_post_likes(deps: Deps, marks: Sequence[Mark]) -> None:
    """Tell authors who likes their posts, and no longer who does not."""
    async with deps.database.read() as connection:
        found = await posts.by_ids(connection, sorted({mark.thing_id for mark in marks}))
    author = {post.id: post.author_id for post in found}
    told = [mark for mark in marks if author.get(mark.thing_id, mark.user_id) != mark.user_id]
    async with deps.database.unit_of_work() as uow:
        await inboxes.hold(uow.connection, {author[mark.thing_id] for mark in told})
        liked = await reactions.post_likes_among(uow.connection, told)
        await tell(deps, uow, [_post_like(mark, author[mark.thing_id], holds=mark in liked) for mark in told])


async def of_comment_likes(deps: Deps, marks: Sequence[Mark]) -> None:
    """Tell authors who likes their comments, and no longer who does not."""
    async with deps.database.read() as connection:
        found = await comments.by_ids(connection, sorted({mark.thing_id for mark in marks}))
    comment = {one.id: one for one in found}
    told = [mark for mark in marks if mark.thing_id in comment and comment[mark.thing_id].author_id != mark.user_id]
    async with deps.database.unit_of_work() as uow:
        await inboxes.hold(uow.connection, {comment[mark.thing_id].author_id for mark in told})
        liked = await reactions.comment_likes_among(uow.connection, told)
        await tell(deps, uow, [_comment_like(mark, comment[mark.thing_id], holds=mark in liked) for mark in told])


async def of_comments(deps: Deps, comment_ids: Sequence[int]) -> None:
    """Tell authors who commented on their posts, and the others whom a comment mentions of that."""
    async with deps.database.read() as connection:
        added = await comments.by_ids(connection, comment_ids)
    async with deps.database.unit_of_work() as uow:
        await inboxes.hold(uow.connection, {user_id for comment in added for user_id in told_of_comment(comment)})
        left = {comment.id for comment in await comments.by_ids(uow.connection, comment_ids)}
        there = {post.id for post in await posts.by_ids(uow.connection, sorted({one.post_id for one in added}))}
        facts = [_comment(one, holds=one.id in left and one.post_id in there) for one in added]
        await tell(deps, uow, [fact for of_one in facts for fact in of_one])


async def of_mentions(deps: Deps, post_id: int, author_id: int, mentioned_ids: Collection[int]) -> None:
    """Tell those whom a published post mentions, and no longer those whom it does not."""
    told = [user_id for user_id in mentioned_ids if user_id != author_id]
    async with deps.database.unit_of_work() as uow:
        await inboxes.hold(uow.connection, told)
        found = await posts.by_ids(uow.connection, [post_id])
        naming = {user_id for post in found if post.feed_id is not None for user_id in post.mention_ids}
        keys = [Key(user_id, "MENTION", post_id, author_id) for user_id in told]
        await tell(deps, uow, [Fact(key, key.recipient_id in naming, post_id, post_id) for key in keys])


async def of_follower(deps: Deps, followee_id: int, follower_id: int) -> None:
    """Tell somebody who follows him, and no longer who does not; nor that one that he may."""
    async with deps.database.unit_of_work() as uow:
        await inboxes.hold(uow.connection, [followee_id, follower_id])
        following = await follows.followers_among(uow.connection, followee_id, [follower_id])
        facts = [Fact(Key(followee_id, "FOLLOW", 0, follower_id), bool(following), 0)]
        if not following:
            facts.append(Fact(Key(follower_id, "FOLLOW_ACCEPTED", 0, followee_id), False, 0))
        await tell(deps, uow, facts)


async def of_follow_request(deps: Deps, requestee_id: int, requester_id: int) -> None:
    """Tell somebody who asks to follow him, and no longer who does not."""
    async with deps.database.unit_of_work() as uow:
        await inboxes.hold(uow.connection, [requestee_id])
        asking = await relations.requests_among(uow.connection, [(requester_id, requestee_id)])
        await tell(deps, uow, [Fact(Key(requestee_id, "FOLLOW_REQUEST", 0, requester_id), bool(asking), 0)])


async def of_follow_accepted(deps: Deps, followee_id: int, follower_id: int) -> None:
    """Tell somebody whom he may follow since."""
    async with deps.database.unit_of_work() as uow:
        await inboxes.hold(uow.connection, [follower_id])
        following = await follows.followers_among(uow.connection, followee_id, [follower_id])
        await tell(deps, uow, [Fact(Key(follower_id, "FOLLOW_ACCEPTED", 0, followee_id), bool(following), 0)])


def told_of_comment(comment: Comment) -> list[int]:
    """Who may ever be told of a comment, or of something done to it."""
    return list({comment.post_author_id, comment.author_id, *comment.mention_ids})


def _post_like(mark: Mark, author_id: int, *, holds: bool) -> Fact:
    return Fact(Key(author_id, "POST_LIKED", mark.thing_id, mark.user_id), holds, mark.thing_id, mark.thing_id)


def _comment_like(mark: Mark, comment: Comment, *, holds: bool) -> Fact:
    key = Key(comment.author_id, "COMMENT_LIKED", comment.id, mark.user_id)
    return Fact(key, holds, comment.id, comment.post_id, comment.id)


def _comment(comment: Comment, *, holds: bool) -> Iterable[Fact]:
    """The post's author is told of it once, mentioned or not."""
    if comment.author_id != comment.post_author_id:
        key = Key(comment.post_author_id, "POST_COMMENTED", comment.id, comment.author_id)
        yield Fact(key, holds, comment.post_id, comment.post_id, comment.id)
    for user_id in comment.mention_ids:
        if user_id not in (comment.author_id, comment.post_author_id):
            key = Key(user_id, "MENTION", comment.id, comment.author_id)
            yield Fact(key, holds, comment.id, comment.post_id, comment.id)
