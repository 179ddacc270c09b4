"""A database that tells whether it was asked."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from stores.postgres.asking import K, Question, V
from stores.postgres.database import Database, UnitOfWork


class Watched(Database):
    """Another database, as it is; `was_asked`: whether anybody has asked it this way."""

    def __init__(self, database: Database) -> None:  # it has nothing of its own
        self._database = database
        self.was_asked = False

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        self.was_asked = True
        return self._database.read()

    async def ask(self, question: Question[K, V], keys: Sequence[K]) -> list[V]:
        self.was_asked = True
        return await self._database.ask(question, keys)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        self.was_asked = True
        async with self._database.unit_of_work() as uow:
            yield uow
