"""Rows by their ids, whoever asks. What a viewer may see of them is for the loaders that ask these."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from loaders.scope import PublicLoader
from stores.postgres.asking import Asks


class HasId(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=HasId)


class RowById(PublicLoader[int, R | None]):
    """Which row has this id?"""

    @staticmethod
    async def read(connection: Asks, ids: Sequence[int]) -> Sequence[R]:
        raise NotImplementedError

    @classmethod
    async def answers(cls, connection: Asks, keys: Sequence[int]) -> list[R | None]:
        found = {row.id: row for row in await cls.read(connection, keys)}
        return [found.get(key) for key in keys]
