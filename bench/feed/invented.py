"""Who is there in the feed benchmark, and what they did: the same whenever and wherever it is invented.

Fame, diligence and liking are as skewed as in any such network: some are followed by more than half of all, most by a
few dozen. Everybody is public, and nobody has blocked or muted anybody: what the rules cost, they cost all the same.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import NamedTuple

from dev.seed.follows import apportioned
from dev.seed.moments import DAY_MS, FOLLOWING, POSTING, id_at, time_at
from dev.seed.people import Person, invented
from rules.accounts import skeleton
from services.uploads import SHARED

SEED = 20_240_501
LANES = 1 << 10  # ids keep below 2**53 where a peer needs them as numbers, see `loading.PEER_ID`
FAME, ACTIVITY, LIKED, COMMENTED = 0.82, 0.35, 0.5, 0.3  # exponents of Zipf's law
LIKES_OF_FOLLOWERS = 0.9
PICTURES_MOST = 3
HEIGHTS = (1080, 1350, 1920)
BLURHASH = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
Row = tuple[object, ...]
Table = tuple[str, Sequence[str], Iterator[Row]]
"""Its name, its columns and what is in it."""

WORDS = re.findall(
    r"\S+",
    """
    sunset coffee street golden hour weekend hiking with friends new recipe city lights morning run finally home
    studio work in progress throwback summer beach rain mountains café naïve 東京 🌊 🔥 dog cat plants vinyl film
    portrait travel diary slow living handmade bread ceramics swim trail lake bicycle market train window
    """,
)


class Size(NamedTuple):
    people: int
    follows: int
    posts: int
    likes: int
    comments: int
    viewers: int


FULL = Size(people=20_000, follows=1_000_000, posts=200_000, likes=2_000_000, comments=400_000, viewers=2_000)


class Said(NamedTuple):
    """A comment. People and posts are numbers, moments Unix milliseconds."""

    moment: int
    post: int
    author: int


@dataclass(frozen=True)
class World:
    """People and posts by number; posts in the order of time."""

    people: Sequence[Person]
    followees: "Sequence[array[int]]"
    moments: Sequence[int]
    authors: Sequence[int]
    likers: "Sequence[array[int]]"
    comments: Sequence[Said]

    def tables(self) -> Iterator[Table]:
        """Photofeed's tables, in an order in which they may be filled; rows mostly in the order of their keys."""
        yield "users", USERS, self._users()
        yield "accounts", ACCOUNTS, self._accounts()
        yield "follows", FOLLOWS, self._follows()
        yield "posts", POSTS, self._posts()
        yield "author_counts", AUTHOR_COUNTS, iter(sorted(self._post_counts().items()))
        yield "media", MEDIA, self._media()
        yield "likes", LIKES, self._likes()
        yield "comments", COMMENTS, self._comments()

    def viewer_ids(self, count: int) -> list[int]:
        """Of some people whose feeds have pages enough, in no order."""
        written = Counter(self.authors)
        enough = [
            person.id
            for person, chosen in zip(self.people, self.followees, strict=True)
            if len(chosen) >= 20 and sum(written[other] for other in chosen) >= 100
        ]
        return Random(f"viewers {SEED}").sample(enough, count)

    def _users(self) -> Iterator[Row]:
        followers = Counter(other for chosen in self.followees for other in chosen)
        for number, (person, chosen) in enumerate(zip(self.people, self.followees, strict=True)):
            names = (person.username, skeleton(person.username), person.display_name, person.bio)
            yield person.id, *names, followers[number], len(chosen), len(chosen), person.created_at

    def _accounts(self) -> Iterator[Row]:
        for person in self.people:
            email = f"{person.username}@example.com"
            yield person.id, email, email, "(nobody logs in by password)"

    def _follows(self) -> Iterator[Row]:
        rng = Random(f"times of follows {SEED}")
        for number, (follower, chosen) in enumerate(zip(self.people, self.followees, strict=True)):
            for ver, (moment, other) in enumerate(zip(FOLLOWING.some(rng, len(chosen)), chosen, strict=True), 1):
                yield follower.id, self.people[other].id, id_at(moment, number), ver, time_at(moment)

    def _posts(self) -> Iterator[Row]:
        rng = Random(f"captions {SEED}")
        said = Counter(comment.post for comment in self.comments)
        last = {comment.post: place for place, comment in self._placed()}
        for post, (moment, author) in enumerate(zip(self.moments, self.authors, strict=True)):
            counts = (len(self.likers[post]), said[post], last.get(post, 0))
            at, words = time_at(moment), _words(rng, 4, 23)
            yield _post_id(moment), self.people[author].id, words, "PUBLISHED", *counts, id_at(moment), at, at

    def _post_counts(self) -> Counter[int]:
        return Counter(self.people[author].id for author in self.authors)

    def _media(self) -> Iterator[Row]:
        rng = Random(f"media {SEED}")
        for moment, author in zip(self.moments, self.authors, strict=True):
            for position in range(rng.randint(1, PICTURES_MOST)):
                media_id, height = id_at(moment, 2 + position), rng.choice(HEIGHTS)
                key, blurhash = f"{SHARED}{media_id:x}", "".join(rng.choices(BLURHASH, k=28))
                shown = ("IMAGE", "READY", "image/jpeg", 1_000_000, key, 1080, height, blurhash)
                yield media_id, self.people[author].id, _post_id(moment), position, *shown, time_at(moment)

    def _likes(self) -> Iterator[Row]:
        rng = Random(f"times of likes {SEED}")
        for moment, likers in zip(self.moments, self.likers, strict=True):
            for liker in likers:
                yield _post_id(moment), self.people[liker].id, id_at(moment + rng.randrange(DAY_MS), liker)

    def _comments(self) -> Iterator[Row]:
        rng = Random(f"comments {SEED}")
        for place, (moment, post, author) in self._placed():
            people = (self.people[self.authors[post]].id, self.people[author].id)
            yield place, _post_id(self.moments[post]), *people, _words(rng, 2, 13), place, time_at(moment)

    def _placed(self) -> Iterator[tuple[int, Said]]:
        """Comments in the order of time, with the ids that are also their places."""
        for number, comment in enumerate(self.comments):
            yield id_at(comment.moment, number % LANES), comment


USERS = [
    *("id", "username", "username_skeleton", "display_name", "bio"),
    *("follower_count", "following_count", "follow_ver", "created_at"),
]
ACCOUNTS = ["id", "email", "email_key", "password_hash"]
FOLLOWS = ["follower_id", "followee_id", "id", "ver", "created_at"]
POSTS = [
    *("id", "author_id", "caption", "status", "like_count", "comment_count", "comment_place"),
    *("feed_id", "created_at", "published_at"),
]
AUTHOR_COUNTS = ["author_id", "post_count"]
MEDIA = [
    *("id", "owner_id", "post_id", "position", "kind", "status", "content_type", "byte_size"),
    *("object_key", "width", "height", "blurhash", "created_at"),
]
LIKES = ["post_id", "user_id", "id"]
COMMENTS = ["id", "post_id", "post_author_id", "author_id", "text", "place", "created_at"]


def world(size: Size = FULL) -> World:
    rng = Random(SEED)
    fame = _zipf(rng, size.people, FAME)
    followees = _followees(rng, fame, size.follows)
    moments = list(POSTING.moments(rng, size.posts))
    authors = rng.choices(range(size.people), [weight**0.5 for weight in fame], k=size.posts)
    likers = list(_likers(rng, _followers(followees), authors, size.likes))
    comments = sorted(_said(rng, moments, size))
    people = [person._replace(bio=_words(rng, 7, 10)) for person in invented(SEED, size.people)]
    return World(people, followees, moments, authors, likers, comments)


def _zipf(rng: Random, count: int, exponent: float) -> list[float]:
    weights = [rank**-exponent for rank in range(1, count + 1)]
    rng.shuffle(weights)
    return weights


def _followees(rng: Random, fame: Sequence[float], follows: int) -> "list[array[int]]":
    """Of each, in the order of following; nobody follows himself."""
    everybody = range(len(fame))
    keen, famous = list(accumulate(_zipf(rng, len(fame), ACTIVITY))), list(accumulate(fame))
    chosen: list[dict[int, None]] = [{} for _ in everybody]
    left = follows
    while left:
        drawn = rng.choices(everybody, cum_weights=keen, k=left), rng.choices(everybody, cum_weights=famous, k=left)
        for follower, followee in zip(*drawn, strict=True):
            if follower != followee and followee not in chosen[follower]:
                chosen[follower][followee] = None
                left -= 1
    return [array("I", others) for others in chosen]


def _followers(followees: "Sequence[array[int]]") -> "list[array[int]]":
    followers = [array("I") for _ in followees]
    for follower, chosen in enumerate(followees):
        for followee in chosen:
            followers[followee].append(follower)
    return followers


def _likers(
    rng: Random, followers: "Sequence[array[int]]", authors: Sequence[int], likes: int
) -> "Iterator[array[int]]":
    """Of each post, in the order of their numbers: mostly followers of its author."""
    liked = apportioned(_zipf(rng, len(authors), LIKED), likes, most=len(followers) // 2)
    for author, count in zip(authors, liked, strict=True):
        near = min(len(followers[author]), round(LIKES_OF_FOLLOWERS * count))
        who = set(rng.sample(followers[author], near))
        while len(who) < count:
            who.add(rng.randrange(len(followers)))
        yield array("I", sorted(who))


def _said(rng: Random, moments: Sequence[int], size: Size) -> Iterator[Said]:
    for post in rng.choices(range(size.posts), _zipf(rng, size.posts, COMMENTED), k=size.comments):
        yield Said(moments[post] + rng.randrange(60_000, DAY_MS), post, rng.randrange(size.people))


def _post_id(moment: int) -> int:
    return id_at(moment, 1)


def _words(rng: Random, least: int, most: int) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(least, most)))
