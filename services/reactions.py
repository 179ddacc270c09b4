"""Likes and saves. Likes are committed in batches: a hot post is locked once for all who like it at the same time."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.errors import NotFound
from services.batches import Reaction
from services.deps import Deps
from services.events import CommentLikesChanged, LikesChanged
from services.live import topics
from stores.postgres import comments, posts, reactions
from stores.postgres.database import Database, UnitOfWork
from stores.postgres.reactions import Mark

Hold = Callable[[AsyncConnection, Sequence[int]], Awaitable[set[int]]]
Change = Callable[[AsyncConnection, Sequence[Mark]], Awaitable[list[Mark]]]


async def like_post(deps: Deps, user_id: int, post_id: int, *, wanted: bool) -> None:
    """Like, or like no longer; no change where it is so already. `NotFound` where there is no such published post."""
    await deps.batches.post_likes.write(Reaction(Mark(post_id, user_id, await deps.ids.mint()), wanted))


async def like_comment(deps: Deps, user_id: int, comment_id: int, *, wanted: bool) -> None:
    """Like, or like no longer; no change where it is so already. `NotFound` where there is no such comment."""
    await deps.batches.comment_likes.write(Reaction(Mark(comment_id, user_id), wanted))


async def save_post(deps: Deps, user_id: int, post_id: int, *, wanted: bool) -> None:
    """Save, or save no longer; no change where it is so already."""
    mark = Mark(post_id, user_id, await deps.ids.mint())
    async with deps.database.unit_of_work() as uow:
        if wanted:
            await reactions.save(uow.connection, mark)
        else:
            await reactions.unsave(uow.connection, mark)


async def commit_post_likes(database: Database, batch: Sequence[Reaction]) -> Sequence[Exception | None]:
    """One transaction for a batch of likes and unlikes of posts."""
    no_post = NotFound("There is no such post.", "postId")
    async with database.unit_of_work() as uow:
        held, marks = await _change(uow, batch, _published, reactions.like_posts, reactions.unlike_posts)
        if marks:
            await uow.announce(LikesChanged(marks))
        for post_id, _ in marks:
            uow.wake(topics.post(post_id))
    return _answers(batch, held, no_post)


async def commit_comment_likes(database: Database, batch: Sequence[Reaction]) -> Sequence[Exception | None]:
    """One transaction for a batch of likes and unlikes of comments."""
    no_comment = NotFound("There is no such comment.", "commentId")
    async with database.unit_of_work() as uow:
        held, marks = await _change(uow, batch, _existing, reactions.like_comments, reactions.unlike_comments)
        if marks:
            await uow.announce(CommentLikesChanged(marks))
    return _answers(batch, held, no_comment)


async def _change(
    uow: UnitOfWork, batch: Sequence[Reaction], hold: Hold, add: Change, remove: Change
) -> tuple[set[int], list[tuple[int, int]]]:
    """The things that there are, and which of them have changed for whom.

    Of several reactions of one user to one thing the last one counts: nobody has seen the others.
    """
    last = {(reaction.mark.thing_id, reaction.mark.user_id): reaction for reaction in batch}
    held = await hold(uow.connection, sorted({thing_id for thing_id, _ in last}))
    kept = [reaction for reaction in last.values() if reaction.mark.thing_id in held]
    added = await add(uow.connection, [reaction.mark for reaction in kept if reaction.wanted])
    removed = await remove(uow.connection, [reaction.mark for reaction in kept if not reaction.wanted])
    return held, [(mark.thing_id, mark.user_id) for mark in (*added, *removed)]


def _answers(batch: Sequence[Reaction], held: set[int], missing: NotFound) -> list[Exception | None]:
    return [None if reaction.mark.thing_id in held else missing for reaction in batch]


async def _published(connection: AsyncConnection, post_ids: Sequence[int]) -> set[int]:
    return {post.id for post in await posts.locked(connection, post_ids) if post.feed_id is not None}


async def _existing(connection: AsyncConnection, comment_ids: Sequence[int]) -> set[int]:
    return {comment.id for comment in await comments.locked(connection, comment_ids)}
