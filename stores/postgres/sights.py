"""What viewers see of posts, told by versions: enough to know whether an answer that was given before is right still.

A version is a row's `xmin`, as in `stores.postgres.keeping`.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from stores.postgres.relations import facts, relation, sight
from stores.rows import RELATIONS, Relation

EPOCH = datetime.fromtimestamp(0, UTC)
GUARDED = "g"
"""Stands in a text of versions where a picture is shown by signed URLs."""


class Sight(NamedTuple):
    """A live, published post, how the viewer stands to its author, and what is shown of it, of one moment.

    `text`: all that `Versions` tell, and of which epoch (`KeptRows`) these are; the same for whom the post looks the
    same. Most is never looked into.
    """

    feed_id: int
    number: int
    """Of the relation."""
    text: str

    @property
    def relation(self) -> Relation:
        return RELATIONS[self.number]

    @property
    def id(self) -> int:
        return int(self.text.split(" ", 3)[2])

    @property
    def author_id(self) -> int:
        return int(self.text.split(" ", 4)[3])

    @property
    def published_at(self) -> datetime:
        return EPOCH + timedelta(microseconds=int(self.text.split(" ", 5)[4]))

    @property
    def is_of_an_epoch(self) -> bool:
        """Whether the same text at another time means the same."""
        return not self.text.startswith("None")

    @property
    def is_guarded(self) -> bool:
        """Whether some of its pictures are shown by signed URLs."""
        return GUARDED in self.text

    def within(self, window: int) -> "Sight":
        """Told apart from what it is in another window of signed URLs."""
        return self._replace(text=f"{self.text}|{window}")


class SeenComment(NamedTuple):
    """`relation`: to its author, as far as that says what may be seen."""

    id: int
    version: int
    author_id: int
    author_version: int
    relation: Relation


class Versions(NamedTuple):
    """`media`: ids and versions, in the author's order. `comments`: the latest `most`, newest first."""

    post: int
    author: int
    is_liked: bool
    is_saved: bool
    most: int
    media: list[tuple[int, int]]
    comments: list[SeenComment]

    @classmethod
    def of(cls, sight: Sight) -> "Versions":
        head, media, comments, *_ = sight.text.split("|")
        *_, post, author, liked, saved, most = head.split(" ")
        return cls(
            int(post),
            int(author),
            liked == "t",
            saved == "t",
            int(most),
            [(int(id_), int(version)) for id_, version, *_ in _parts(media)],
            [
                SeenComment(int(id_), int(version), int(author_id), int(author_version), RELATIONS[int(number)])
                for id_, version, author_id, author_version, number in _parts(comments)
            ],
        )


def viewers(ids: str) -> str:
    """The table `viewer`, of those whose ids the query `ids` gives."""
    return f"viewer as materialized (select asking.id, {facts('asking.id')} from ({ids}) as asking (id))"


def columns(most: str) -> str:
    """What a `Sight` is made of, of rows `viewer`, `posts` and `users`; `most`: as of its versions, an expression."""
    return f"""
        posts.feed_id, {relation("viewer.id", facts="viewer")},
        posts.id || ' ' || author_id || ' ' || cast(extract(epoch from published_at) * 1000000 as bigint)
        || ' ' || posts.xmin || ' ' || users.xmin
        || case when exists (select from likes where user_id = viewer.id and post_id = posts.id)
            then ' t' else ' f' end
        || case when exists (select from saves where user_id = viewer.id and post_id = posts.id)
            then ' t ' else ' f ' end
        || {most} || '|' || coalesce((
            select string_agg(
                media.id || '.' || media.xmin || case when is_guarded then '.{GUARDED}' else '' end, ','
                order by position
            )
            from media where post_id = posts.id
        ), '') || '|' || case when {most} > 0 then coalesce((
            select string_agg(
                latest.id || '.' || latest.version || '.' || latest.author_id || '.' || commentator.xmin || '.'
                || ({sight("commentator", facts="viewer")}), ',' order by place desc
            )
            from (
                select id, xmin as version, author_id, place from comments
                where post_id = posts.id and place <= posts.comment_place
                order by place desc limit {most}
            ) as latest
            join users as commentator on commentator.id = latest.author_id
        ), '') else '' end
    """


def made(epoch: int | None, feed_id: int, number: int, text: str) -> Sight:
    """Of the values of `columns`, and the epoch that they are of."""
    return Sight(feed_id, number, f"{epoch} {number} {text}")


def _parts(text: str) -> list[list[str]]:
    return [one.split(".") for one in text.split(",")] if text else []
