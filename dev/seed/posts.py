"""Invented posts, with their pictures and hashtags."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import NamedTuple

from dev.seed.moments import JOINING, POSTING, id_at, time_at
from dev.seed.people import Person
from dev.seed.pool import Pooled
from dev.seed.words import HASHTAGS, PLACES, QUALITIES, SENTENCES, THINGS, TIMES
from rules.posts import hashtags_of

DILIGENCE_SIGMA = 1.2  # of a lognormal distribution: one in a hundred posts eight times as much as the average
PICTURES_EACH = {1: 80, 2: 10, 3: 6, 4: 4}  # per cent of the posts
SENTENCES_EACH = {0: 8, 1: 52, 2: 25, 3: 10, 12: 5}
HASHTAGS_EACH = {0: 30, 1: 30, 2: 20, 3: 12, 8: 8}
WITH_PLACE, WITH_MENTION, WITH_TAGS = 0.3, 0.06, 0.1

POST_COLUMNS = [
    *("id", "author_id", "caption", "tags", "hashtags", "mention_ids", "location_name", "latitude", "longitude"),
    *("status", "feed_id", "created_at", "published_at"),
]
MEDIA_COLUMNS = [
    *("id", "owner_id", "post_id", "position", "kind", "status", "alt_text", "content_type", "byte_size"),
    *("object_key", "width", "height", "blurhash", "created_at"),
]
HASHTAGGED_COLUMNS = ["hashtag_id", "feed_id", "post_id"]
AUTHOR_COUNT_COLUMNS = ["author_id", "post_count"]
HASHTAG_COLUMNS = ["id", "name", "post_count"]

Row = tuple[object, ...]


@dataclass
class Batch:
    """Rows of the three tables that a post is in."""

    posts: list[Row] = field(default_factory=list)
    media: list[Row] = field(default_factory=list)
    hashtagged: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Feed:
    """All posts, latest last. What was yielded is counted."""

    seed: int
    people: Sequence[Person]
    pool: Sequence[Pooled]
    by_author: Counter[int] = field(default_factory=Counter)
    by_hashtag: Counter[str] = field(default_factory=Counter)

    def batches(self, count: int, size: int) -> Iterator[Batch]:
        """`count` posts in batches of at most `size`."""
        rng, times = Random(f"posts {self.seed}"), Random(f"times of posts {self.seed}")
        diligence = list(accumulate(rng.lognormvariate(0, DILIGENCE_SIGMA) for _ in self.people))
        batch = Batch()
        for moment in POSTING.moments(times, count):
            [author] = rng.choices(self.people, cum_weights=diligence)
            self._add(batch, rng, author, moment)
            if len(batch.posts) == size:
                yield batch
                batch = Batch()
        yield batch

    def author_count_rows(self) -> Iterator[Row]:
        yield from sorted(self.by_author.items())

    def hashtag_rows(self) -> Iterator[Row]:
        for name, count in sorted(self.by_hashtag.items()):
            yield HASHTAG_IDS[name], name, count

    def _add(self, batch: Batch, rng: Random, author: Person, moment: int) -> None:
        feed_id, post_id, at = id_at(moment), id_at(moment, 1), time_at(moment)
        words = _words(rng, rng.choice(self.people) if rng.random() < WITH_MENTION else None)
        place = rng.choice(PLACES) if rng.random() < WITH_PLACE else (None, None, None)
        batch.posts.append((post_id, author.id, *words, *place, "PUBLISHED", feed_id, at, at))
        for position, shown in enumerate(rng.sample(self.pool, min(_chosen(rng, PICTURES_EACH), len(self.pool)))):
            media_id = id_at(moment, 2 + position)
            batch.media.append((media_id, author.id, post_id, position, "IMAGE", "READY", *shown, at))
        batch.hashtagged += [(HASHTAG_IDS[name], feed_id, post_id) for name in words.hashtags]
        self.by_author[author.id] += 1
        self.by_hashtag.update(words.hashtags)


class Words(NamedTuple):
    """What the rows of `posts` say."""

    caption: str
    tags: list[str]
    hashtags: list[str]
    mention_ids: list[int]


HASHTAG_IDS = {name: id_at(JOINING.start, number) for number, name in enumerate(HASHTAGS)}
_KINDS = {"{quality}": QUALITIES, "{thing}": THINGS, "{time}": TIMES}
_GAP = re.compile("|".join(_KINDS))
_LIKELY_HASHTAGS = list(accumulate(1 / rank for rank in range(1, len(HASHTAGS) + 1)))


def _words(rng: Random, mentioned: Person | None) -> Words:
    caption, tags = _caption(rng, mentioned), _hashtags(rng, 3) if rng.random() < WITH_TAGS else []
    return Words(caption, tags, hashtags_of(caption, tags), [] if mentioned is None else [mentioned.id])


def _caption(rng: Random, mentioned: Person | None) -> str:
    parts = [_sentence(rng) for _ in range(_chosen(rng, SENTENCES_EACH))]
    parts += [] if mentioned is None else [f"With @{mentioned.username}"]
    parts += [f"#{name}" for name in _hashtags(rng, _chosen(rng, HASHTAGS_EACH))]
    return " ".join(parts)


def _sentence(rng: Random) -> str:
    written = _GAP.sub(lambda gap: rng.choice(_KINDS[gap[0]]), rng.choice(SENTENCES))
    return written[0].upper() + written[1:]


def _hashtags(rng: Random, most: int) -> list[str]:
    return list(dict.fromkeys(rng.choices(HASHTAGS, cum_weights=_LIKELY_HASHTAGS, k=most)))


def _chosen(rng: Random, chances: dict[int, int]) -> int:
    [chosen] = rng.choices(list(chances), list(chances.values()))
    return chosen
