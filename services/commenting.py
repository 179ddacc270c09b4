"""Comments. They are committed in batches, as likes are."""

import hashlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count

from rules.access import may_delete_comment, may_see_comment
from rules.errors import Conflict, NotFound, UserFault, refuse_faults
from rules.text import text_fault
from services.batches import CommentDraft
from services.deps import Deps
from services.events import CommentDeleted, CommentsAdded
from services.live import topics
from services.mentions import mentioned
from services.notifying import told_of_comment
from stores.ids import floor_of
from stores.postgres import comments, idempotency, posts, relations
from stores.postgres.comments import NewComment
from stores.postgres.database import Database, UnitOfWork
from stores.postgres.idempotency import Claim
from stores.postgres.relations import NOBODY
from stores.rows import Comment, Post


async def add(deps: Deps, author_id: int, post_id: int | None, text: str, *, idempotency_key: str | None) -> Comment:
    """Comment on a published post. The same key again gives the same comment; with another text, `Conflict`."""
    limits = deps.settings
    refuse_faults(
        text_fault(text, "text", most=limits.comment_characters, least=1),
        None
        if idempotency_key is None
        else text_fault(idempotency_key, "idempotencyKey", most=limits.idempotency_key_characters, least=1),
    )
    if post_id is None:
        raise no_post()
    comment_id = await deps.ids.mint()
    claim = None
    if idempotency_key is not None:
        fingerprint = hashlib.sha256(f"{post_id} {text}".encode()).digest()
        claim = Claim(author_id, idempotency_key, fingerprint, comment_id)
    mention_ids = await mentioned(deps, text)
    return await deps.batches.comments.write(CommentDraft(comment_id, post_id, author_id, text, mention_ids, claim))


async def delete(deps: Deps, viewer_id: int, comment_id: int | None) -> Comment:
    """Delete one's own comment, or one on one's own post; gives what it was."""
    async with deps.database.unit_of_work() as uow:
        found = [] if comment_id is None else await comments.locked(uow.connection, [comment_id])
        by = (viewer_id, found[0].author_id if found else NOBODY)
        people = await relations.seen(uow.connection, [by])
        is_seen = by in people and may_see_comment(people[by].relation)
        if not is_seen or not may_delete_comment(viewer_id, found[0]):
            raise NotFound("There is no such comment of yours.", "commentId")
        [comment] = found
        await comments.remove(uow.connection, comment)
        await uow.announce(CommentDeleted(comment.id, told_of_comment(comment)))
        uow.wake(topics.post(comment.post_id))
    return comment


async def commit(database: Database, window_s: float, batch: Sequence[CommentDraft]) -> Sequence[Comment | Exception]:
    """One transaction for a batch of comments; one that is refused fails alone."""
    async with database.unit_of_work() as uow:
        held = {post.id: post for post in await posts.locked(uow.connection, sorted({one.post_id for one in batch}))}
        welcome = [one for one in batch if one.post_id in held and held[one.post_id].feed_id is not None]
        claims = {(one.claim.user_id, one.claim.key): one.claim for one in reversed(welcome) if one.claim}
        counting = await idempotency.claim(uow.connection, "addComment", list(claims.values()), window_s=window_s)
        new = [one for one in welcome if one.claim is None or counting[one.claim.user_id, one.claim.key] is one.claim]
        added = await comments.add(uow.connection, await _rows(uow, new, held))
        if added:
            await uow.announce(CommentsAdded([comment.id for comment in added]))
        for comment in added:
            uow.wake(topics.comments(comment.post_id))
            uow.wake(topics.post(comment.post_id))
        again = [counting[one.claim.user_id, one.claim.key].result_id for one in welcome if one.claim]
        found = {row.id: row for row in [*await comments.by_ids(uow.connection, again), *added]}
    return [_answer(one, counting if one in welcome else None, found) for one in batch]


async def _rows(uow: UnitOfWork, new: Sequence[CommentDraft], held: Mapping[int, Post]) -> list[NewComment]:
    """The rows of new comments, each with its place, in their order."""
    numbers = Counter(draft.post_id for draft in new)
    now_ms = time.time_ns() // 1_000_000
    highest = await comments.make_room(uow.connection, numbers, earliest=floor_of(now_ms))
    places = {post_id: count(highest[post_id] - number + 1) for post_id, number in numbers.items()}
    return [
        NewComment(
            draft.id,
            draft.post_id,
            held[draft.post_id].author_id,
            draft.author_id,
            draft.text,
            draft.mention_ids,
            next(places[draft.post_id]),
        )
        for draft in new
    ]


def _answer(
    draft: CommentDraft, counting: Mapping[tuple[int, str], Claim] | None, found: Mapping[int, Comment]
) -> Comment | Exception:
    """The comment that a draft became, or that its key stands for. `counting` is None where the post is not there."""
    if counting is None:
        return no_post()
    if draft.claim is None:
        return found[draft.id]
    claim = counting[draft.claim.user_id, draft.claim.key]
    if claim.fingerprint != draft.claim.fingerprint:
        return Conflict("This key was used for another comment. Take a new one.", "idempotencyKey")
    return found.get(claim.result_id) or NotFound("This comment was deleted.")


def no_post() -> UserFault:
    return NotFound("There is no such post.", "postId")
