"""Rows by their ids, whoever asks. What a viewer may see of them is for the loaders that ask these."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from loaders.scope import PublicLoader


class HasId(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=HasId)


class RowById(PublicLoader[int, R | None]):
    """Which row has this id?"""

    @staticmethod
    async def read(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[R]:
        raise NotImplementedError

    async def batch_load_fn(self, keys: list[int]) -> list[R | None]:
        async with self.scope.database.read() as connection:
            found = {row.id: row for row in await self.read(connection, keys)}
        return [found.get(key) for key in keys]
