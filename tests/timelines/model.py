"""The judge: how people stand to each other and what is published, in plain Python.

V(u), the feed that u should have: the live, published posts of u, and of those whom u follows and has not muted; latest
published first.
"""

from dataclasses import dataclass, field

from tests.timelines.relations import Relations


@dataclass
class Model:
    """Posts go by their `feed_id`s once they are published.

    `owed_early`: so many of the latest posts whose fan-out is not done are owed all the same (strong mode).
    """

    owed_early: int
    relations: Relations = field(default_factory=Relations)
    drafts: dict[int, int] = field(default_factory=dict)
    """Their authors, by post."""
    posts: dict[int, int] = field(default_factory=dict)
    """The posts, also deleted ones, by `feed_id`, in the order of their publication."""
    author: dict[int, int] = field(default_factory=dict)
    """Of live posts, by `feed_id`."""
    undrained: set[int] = field(default_factory=set)

    def publish(self, feed_id: int, post_id: int) -> None:
        assert not self.posts or feed_id > max(self.posts), "feed ids ascend in the order of publication"
        self.posts[feed_id], self.author[feed_id] = post_id, self.drafts.pop(post_id)
        self.undrained.add(feed_id)

    def drain(self, post_id: int) -> None:
        self.undrained -= {feed_id for feed_id in self.undrained if self.posts[feed_id] == post_id}

    def feed(self, viewer: int) -> list[int]:
        """V(u)."""
        followed = {followee for follower, followee in self.relations.follows if follower == viewer}
        muted = {muted for muter, muted in self.relations.mutes if muter == viewer}
        authors = {viewer} | followed - muted
        return [feed_id for feed_id in reversed(self.posts) if self.author.get(feed_id) in authors]

    def owed(self, viewer: int) -> set[int]:
        """What a read that begins at this moment has to serve, unless it leaves V(u) before the read ends."""
        late = sorted(self.undrained)
        excused = set(late[: max(len(late) - self.owed_early, 0)])
        return {post for post in self.feed(viewer) if post not in excused or self.author[post] == viewer}

    def counts(self, user: int) -> tuple[int, int, int]:
        """How many followers, followees and posts."""
        followers = sum(followee == user for _, followee in self.relations.follows)
        followees = sum(follower == user for follower, _ in self.relations.follows)
        return followers, followees, sum(author == user for author in self.author.values())
