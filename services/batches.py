"""What is written in batches, by kind."""

from dataclasses import dataclass
from typing import NamedTuple

from services.batching import WriteBatcher
from stores.postgres.idempotency import Claim
from stores.postgres.reactions import Mark
from stores.rows import Comment


class Reaction(NamedTuple):
    """That a user wants a thing to be marked, or not to be."""

    mark: Mark
    wanted: bool


class CommentDraft(NamedTuple):
    """A comment on its way; `claim`: of its idempotency key, where it has one."""

    id: int
    post_id: int
    author_id: int
    text: str
    mention_ids: list[int]
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class Batches:
    post_likes: WriteBatcher[Reaction, None]
    comment_likes: WriteBatcher[Reaction, None]
    comments: WriteBatcher[CommentDraft, Comment]
