"""The judge of how people stand to each other, in plain Python."""

from dataclasses import dataclass, field

Pair = tuple[int, int]


@dataclass
class Relations:
    """In a pair the first has done it to the second. What people do gives False where it is refused: no change then."""

    follows: set[Pair] = field(default_factory=set)
    requests: set[Pair] = field(default_factory=set)
    """To follow, not answered."""
    blocks: set[Pair] = field(default_factory=set)
    mutes: set[Pair] = field(default_factory=set)
    private: set[int] = field(default_factory=set)

    def follow(self, follower: int, followee: int) -> bool:
        if self.are_apart(follower, followee):
            return False
        if followee not in self.private:
            self._let_follow(follower, followee)
        elif (follower, followee) not in self.follows:
            self.requests.add((follower, followee))
        return True

    def unfollow(self, follower: int, followee: int) -> bool:
        if self.are_apart(follower, followee):
            return False
        self._end(follower, followee)
        return True

    def accept(self, user: int, requester: int) -> bool:
        if (requester, user) not in self.requests | self.follows:
            return False
        self._let_follow(requester, user)
        return True

    def decline(self, user: int, requester: int) -> bool:
        if (requester, user) not in self.requests:
            return False
        self.requests.remove((requester, user))
        return True

    def block(self, user: int, other: int) -> bool:
        if (other, user) in self.blocks:
            return False
        self.blocks.add((user, other))
        self._end(user, other)
        self._end(other, user)
        return True

    def unblock(self, user: int, other: int) -> bool:
        """What the block has ended stays ended."""
        if (other, user) in self.blocks:
            return False
        self.blocks.discard((user, other))
        return True

    def mute(self, user: int, other: int) -> bool:
        if self.are_apart(user, other):
            return False
        self.mutes.add((user, other))
        return True

    def unmute(self, user: int, other: int) -> bool:
        if self.are_apart(user, other):
            return False
        self.mutes.discard((user, other))
        return True

    def are_apart(self, user: int, other: int) -> bool:
        return bool(self.blocks & {(user, other), (other, user)})

    def pairs(self) -> dict[str, set[Pair]]:
        return {"follows": self.follows, "requests": self.requests, "blocks": self.blocks, "mutes": self.mutes}

    def _let_follow(self, follower: int, followee: int) -> None:
        self.requests.discard((follower, followee))
        self.follows.add((follower, followee))

    def _end(self, follower: int, followee: int) -> None:
        self.follows.discard((follower, followee))
        self.requests.discard((follower, followee))
