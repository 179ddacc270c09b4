"""What viewers see of posts, told by versions: enough to know whether an answer that was given before is right still.

A version is a row's `xmin`, as in `stores.postgres.keeping`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from stores.postgres.asking import Asks, epoch, remembering
from stores.postgres.relations import facts, relation, sight
from stores.rows import RELATIONS, Relation

UNIX_EPOCH = datetime.fromtimestamp(0, UTC)
GUARDED = "g"
"""Stands in a sight's text where a picture is shown by signed URLs."""
NO_EPOCH = "-"
"""Stands there where it is not known whether the same text at another time means the same."""


class Sight(NamedTuple):
    """A live, published post, how the viewer stands to its author, and what is shown of it, of one moment.

    `number`: of the relation. `text`: all that is told, and of which epoch (`KeptRows`) its versions are; the same for
    all to whom the post looks the same. Most is never looked into. `is_lasting`: whether the same text means the same
    at another time; `is_guarded`: whether it does in the same window of signed URLs alone.
    """

    feed_id: int
    number: int
    text: str
    is_lasting: bool
    is_guarded: bool

    @property
    def relation(self) -> Relation:
        return RELATIONS[self.number]

    @property
    def id(self) -> int:
        return int(self.text.split(" ", 4)[3])

    @property
    def author_id(self) -> int:
        return int(self.text.split(" ", 5)[4])

    @property
    def published_at(self) -> datetime:
        return UNIX_EPOCH + timedelta(microseconds=int(self.text.split(" ", 6)[5]))

    @property
    def marks(self) -> tuple[bool, bool]:
        """Whether the viewer likes it, and whether he has saved it."""
        *_, liked, saved, _ = self.text[: self.text.index("|")].split(" ")
        return liked == "t", saved == "t"


class SeenComment(NamedTuple):
    """`relation`: to its author, as far as that says what may be seen."""

    id: int
    version: int
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
        head, media, comments = sight.text.split("|")
        *_, post, author, _, _, most = head.split(" ")
        return cls(
            int(post),
            int(author),
            *sight.marks,
            int(most),
            [(int(id_), int(version)) for id_, version, *_ in _parts(media)],
            [
                SeenComment(int(id_), int(version), int(author_version), RELATIONS[int(number)])
                for id_, version, author_version, number in _parts(comments)
            ],
        )


def stamps(sights: Sequence[Sight], window: int) -> list[str | None]:
    """What the looks of each depend on, in a window of signed URLs; None where that cannot be said."""
    return [
        (f"{text}|{window}" if is_guarded else text) if is_lasting else None
        for _, _, text, is_lasting, is_guarded in sights
    ]


def viewers(ids: str) -> str:
    """The table `viewer`, of those whose ids the query `ids` gives."""
    return f"viewer as materialized (select asking.id, {facts('asking.id')} from ({ids}) as asking (id))"


def all_told(most: str) -> str:
    """An aggregate: the sights of rows `viewer`, `posts` and `users`, where there is a post, for `of_text`.

    `most`: as of `Versions`, an expression. The statement's parameter `epoch` is of what it reads.
    """
    return f"string_agg({_told(most)}, E'\\n' order by posts.feed_id desc) filter (where posts.id is not null)"


def epoch_of(connection: Asks) -> str:
    """The parameter `epoch`."""
    of = epoch(connection)
    return NO_EPOCH if of is None else str(of)


def of_text(connection: Asks, text: str | None) -> list[Sight]:
    """What `all_told` gave, the highest `feed_id` first."""
    return [] if text is None else list(map(remembering(connection, _sight), text.split("\n")))


def _sight(line: str) -> Sight:
    feed_id, number, _ = line.split(" ", 2)
    return Sight(int(feed_id), int(number), line, NO_EPOCH not in line, GUARDED in line)


def _told(most: str) -> str:
    return f"""
        concat_ws(
            ' ', posts.feed_id, {relation("viewer.id", facts="viewer")}, cast(:epoch as text), posts.id, author_id,
            cast(date_part('epoch', published_at) * 1000000 as bigint), posts.xmin, users.xmin,
            exists (select from likes where user_id = viewer.id and post_id = posts.id),
            exists (select from saves where user_id = viewer.id and post_id = posts.id),
            {most}
        ) || '|' || array_to_string(array(
            select concat(media.id, '.', media.xmin, case when is_guarded then '.{GUARDED}' end)
            from media where post_id = posts.id order by position
        ), ',') || '|' || case when {most} > 0 and comment_place > 0 then array_to_string(array(
            select concat_ws(
                '.', latest.id, latest.version, commentator.xmin, {sight("commentator", facts="viewer")}
            )
            from (
                select id, xmin as version, author_id, place from comments
                where post_id = posts.id and place <= posts.comment_place
                order by place desc limit {most}
            ) as latest
            join users as commentator on commentator.id = latest.author_id
            order by place desc
        ), ',') else '' end
    """


def _parts(text: str) -> list[list[str]]:
    return [one.split(".") for one in text.split(",")] if text else []
