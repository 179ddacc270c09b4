"""Users, and what the viewer has to do with them."""

from collections.abc import Sequence
from typing import Literal, TypeVar

from msgspec.structs import replace

from execution.loader import DerivedLoader
from loaders.marks import MarkLoader
from loaders.rows import RowById
from loaders.scope import Pair, PublicLoader, Scope, ScopedLoader, ViewerLoader
from rules.access import is_told, may_see_card, may_see_content
from stores.postgres import accounts, follows, posts, relations
from stores.postgres.asking import Asks
from stores.postgres.relations import NOBODY
from stores.rows import Account, Person, User

FollowState = Literal["NONE", "REQUESTED", "FOLLOWING"]
V = TypeVar("V")


class PersonById(ViewerLoader[int, Person | None]):
    """Who has this id, and how does the viewer stand to him? Never shown as it is; the loaders below say what may be.

    It is asked with an id of nobody, too, where there is no row to judge: what is hidden takes no longer than what is
    not there.
    """

    @classmethod
    async def answers(cls, connection: Asks, pairs: Sequence[Pair[int]]) -> list[Person | None]:
        found = await relations.seen(connection, pairs)
        return [found.get(pair) for pair in pairs]

    async def batch_load_fn(self, keys: list[int]) -> list[Person | None]:
        return await self.asked([(self.scope.viewer_id or NOBODY, key) for key in keys])


class OfPerson(DerivedLoader[Scope, int, V]):
    """A question about a user that `PersonById` answers, so that it takes no statement of its own."""

    source = PersonById
    of_nobody: V
    """The answer where there is no such user."""

    @staticmethod
    def of_person(person: Person) -> V:
        raise NotImplementedError

    @classmethod
    def derive(cls, found: Person | None) -> V:
        return cls.of_nobody if found is None else cls.of_person(found)


class UserById(OfPerson[User | None]):
    """Who has this id? As much of him as the viewer may see."""

    of_nobody = None

    @staticmethod
    def of_person(person: Person) -> User | None:
        return seen_as(person)


class BlockedUserById(OfPerson[User | None]):
    """Who has this id, if the viewer has blocked him? His card."""

    of_nobody = None

    @staticmethod
    def of_person(person: Person) -> User | None:
        return _card(person) if person.relation.is_blocked else None


class ContentSeen(OfPerson[bool]):
    """May the viewer see what this user shows to those only who may see more than his card?"""

    of_nobody = False

    @staticmethod
    def of_person(person: Person) -> bool:
        return may_see_content(person.relation)


class ToldOf(OfPerson[bool]):
    """Is the viewer told of what this user does?"""

    of_nobody = False

    @staticmethod
    def of_person(person: Person) -> bool:
        return is_told(person.relation)


class FollowStateByViewer(OfPerson[FollowState]):
    """Does the viewer follow this user, or has he asked to?"""

    of_nobody = "NONE"

    @staticmethod
    def of_person(person: Person) -> FollowState:
        if person.relation.is_followed:
            return "FOLLOWING"
        return "REQUESTED" if person.relation.is_requested else "NONE"


class FollowedByViewer(OfPerson[bool]):
    """Does the viewer follow this user?"""

    of_nobody = False

    @staticmethod
    def of_person(person: Person) -> bool:
        return person.relation.is_followed


class FollowsViewer(MarkLoader):
    """Does this user follow the viewer? What is seen does not depend on it, and few ask."""

    among = staticmethod(follows.followed_among)


class BlockedByViewer(OfPerson[bool]):
    """Has the viewer blocked this user?"""

    of_nobody = False

    @staticmethod
    def of_person(person: Person) -> bool:
        return person.relation.is_blocked


class MutedByViewer(OfPerson[bool]):
    """Has the viewer muted this user?"""

    of_nobody = False

    @staticmethod
    def of_person(person: Person) -> bool:
        return person.relation.is_muted


class PersonByUsername(ViewerLoader[str, Person | None]):
    """Who has this username, as it is kept, and how does the viewer stand to him? Never shown as it is."""

    @classmethod
    async def answers(cls, connection: Asks, pairs: Sequence[Pair[str]]) -> list[Person | None]:
        found = await relations.seen_by_username(connection, pairs)
        return [found.get(pair) for pair in pairs]

    async def batch_load_fn(self, keys: list[str]) -> list[Person | None]:
        return await self.asked([(self.scope.viewer_id or NOBODY, key) for key in keys])


class UserByUsername(ScopedLoader[str, User | None]):
    """Who has this username, as it is kept? As much of him as the viewer may see."""

    async def batch_load_fn(self, keys: list[str]) -> list[User | None]:
        people = [person for person in await self.loaders[PersonByUsername].load_many(keys) if person is not None]
        for person in people:
            self.loaders[PersonById].prime(person.user.id, person)
        users = await self.loaders[UserById].load_many(person.user.id for person in people)
        found = {user.username: user for user in users if user is not None}
        return [found.get(key) for key in keys]


class AccountById(RowById[Account]):
    """Which account has this id? Never shown but to its owner."""

    read = staticmethod(accounts.by_ids)


class OwnAccountById(ScopedLoader[int, Account | None]):
    """What only the viewer may know: the account of this id, if it is the viewer's."""

    async def batch_load_fn(self, keys: list[int]) -> list[Account | None]:
        own_id = self.scope.viewer_id
        own = await self.loaders[AccountById].load(own_id) if own_id in keys else None
        return [own if key == own_id else None for key in keys]


class PostCountByAuthor(PublicLoader[int, int]):
    """How many published posts does this author have?"""

    @classmethod
    async def answers(cls, connection: Asks, keys: Sequence[int]) -> list[int]:
        counts = await posts.counts_by_authors(connection, keys)
        return [counts.get(key, 0) for key in keys]


def seen_as(person: Person) -> User | None:
    """The account as far as the viewer may see it; None where that is not at all."""
    return _card(person) if may_see_card(person.relation) else None


def _card(person: Person) -> User:
    """The account, without its biography where the viewer may not see that."""
    return person.user if may_see_content(person.relation) else replace(person.user, bio=None)
