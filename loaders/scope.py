"""What every loader of an operation knows: where to ask, who is asking, and who else is about to ask the same."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple, Protocol, Self, TypeVar

from execution.loader import Loader, Loaders
from stores.postgres.asking import Asks
from stores.postgres.database import Database

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Pair = tuple[int, K]
"""A viewer's id, and a key that he asks about."""


class Together(Protocol):
    """Those whom an event of a subscription is told to (`loaders.audience.Audience`): they ask together."""

    @property
    def shared(self) -> "Loaders[Scope]":
        """The loaders of what is the same for all of them."""

    def asking(self, question: "type[ViewerLoader[K, V]]") -> Loader["Scope", Pair[K], V]:
        """The loader that asks this question for all of them."""


class Scope(NamedTuple):
    """`audience`: None in an operation, where the viewer is alone."""

    database: Database
    viewer_id: int | None
    audience: Together | None = None


class ScopedLoader(Loader[Scope, K, V]):
    """A loader of Photofeed's; one for each viewer. It asks others, which are shared where there is an audience."""


class PublicLoader(ScopedLoader[K, V]):
    """A question that has the same answer for everybody; `answers` has it for any keys at once."""

    @classmethod
    async def answers(cls, connection: Asks, keys: Sequence[K]) -> list[V]:
        """One answer for each key, in their order."""
        raise NotImplementedError

    async def batch_load_fn(self, keys: list[K]) -> list[V]:
        return await self.scope.database.ask(self.answers, keys)

    @classmethod
    def of(cls, loaders: Loaders[Scope]) -> Self:
        audience = loaders.scope.audience
        return cls(loaders) if audience is None else audience.shared[cls]


class ViewerLoader(ScopedLoader[K, V]):
    """A question about keys in the viewer's name; `answers` has it for any viewers at once."""

    signed_out: V
    """The answer to whom is signed out."""

    @classmethod
    async def answers(cls, connection: Asks, pairs: Sequence[Pair[K]]) -> list[V]:
        """One answer for each pair, in their order."""
        raise NotImplementedError

    async def batch_load_fn(self, keys: list[K]) -> list[V]:
        viewer_id = self.scope.viewer_id
        if viewer_id is None:
            return [self.signed_out] * len(keys)
        return await self.asked([(viewer_id, key) for key in keys])

    async def asked(self, pairs: list[Pair[K]]) -> list[V]:
        """The answers to pairs of the viewer and a key; together with the others, where there is an audience."""
        if self.scope.audience is not None:
            return await self.scope.audience.asking(type(self)).load_many(pairs)
        return await self.scope.database.ask(self.answers, pairs)
