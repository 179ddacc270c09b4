"""Connections for what is asked all the time: whoever asks the same meanwhile asks together."""

import asyncio
from asyncio import Future
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic

import asyncpg

from stores.errors import StoreUnavailable
from stores.postgres.asking import K, Question, Reader, V
from stores.postgres.keeping import KeptRows

LONG_S = 0.01
"""A statement that takes longer holds up no other."""
MOST_KEYS = 4_000
"""Keys after which those who ask next begin another statement."""
NO_ANSWER = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,  # shutting down, and a statement that ran out of time
)


class Round(Generic[K, V]):
    """The keys of one asking of a question, and who waits for its answers."""

    def __init__(self) -> None:
        self.keys: dict[K, None] = {}
        self._waiting: list[Future[Mapping[K, V]]] = []

    async def answers(self, keys: Sequence[K]) -> list[V]:
        future: Future[Mapping[K, V]] = asyncio.get_running_loop().create_future()
        self.keys.update(dict.fromkeys(keys))
        self._waiting.append(future)
        answers = await future
        return [answers[key] for key in keys]

    def settle(self, answers: Sequence[V]) -> None:
        by_key = dict(zip(self.keys, answers, strict=True))
        for future in self._waiting:
            if not future.done():
                future.set_result(by_key)

    def fail(self, error: BaseException) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_exception(error)


class Turns:
    """Who reads when: one after the other, as long as nobody takes long; then up to `size` at once.

    While one reads, the others' questions find company; over several connections, each finds a free one instead.
    """

    def __init__(self, size: int, wait_s: float) -> None:
        self._wait_s = wait_s
        self._first, self._further = asyncio.Semaphore(1), asyncio.Semaphore(size - 1)
        self._since = 0.0

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Raises TimeoutError after `wait_s`."""
        turn = await self._turn()
        try:
            yield
        finally:
            turn.release()

    async def _turn(self) -> asyncio.Semaphore:
        now = asyncio.get_running_loop().time
        if not self._first.locked():
            await self._first.acquire()
        elif now() - self._since > LONG_S or not await _acquired(self._first, LONG_S):
            async with asyncio.timeout(self._wait_s):
                await self._further.acquire()
            return self._further
        self._since = now()
        return self._first


class Readers:
    """At most `size` connections, made when first needed."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], *, size: int, wait_s: float, rows_kept: int) -> None:
        """`connect` gives a new connection of asyncpg's; who waits for `wait_s` for one to be free is refused."""
        self._connect, self._kept = connect, KeptRows(rows_kept)
        self._turns = Turns(size, wait_s)
        self._idle: list[Reader] = []
        self._gathering: dict[Question[Any, Any], Round[Any, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, question: Question[K, V], keys: Sequence[K]) -> list[V]:
        """An answer for each key, in their order; raises StoreUnavailable.

        The statement starts after this was called. Until then, others who ask the same question join it.
        """
        gathering: Round[K, V] | None = self._gathering.get(question)
        if gathering is None or len(gathering.keys) >= MOST_KEYS:
            gathering = self._gathering[question] = Round()
            task = asyncio.create_task(self._answer(question, gathering))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await gathering.answers(keys)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for reader in self._idle:
            reader.connection.terminate()
        self._idle.clear()

    async def _answer(self, question: Question[K, V], gathering: Round[K, V]) -> None:
        try:
            async with self._reader() as reader:
                self._begin(question, gathering)
                gathering.settle(await question(reader, list(gathering.keys)))
        except NO_ANSWER as error:
            gathering.fail(_unavailable(error))
        except Exception as error:
            gathering.fail(error)
        except BaseException as error:
            gathering.fail(StoreUnavailable("The connections to Postgres are closed"))
            raise error
        finally:
            self._begin(question, gathering)

    def _begin(self, question: Question[K, V], gathering: Round[K, V]) -> None:
        """From here on, nobody joins."""
        if self._gathering.get(question) is gathering:
            del self._gathering[question]

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[Reader]:
        async with self._turns.taken():
            reader = self._open_one() or Reader(await self._connect(), self._kept)
            try:
                yield reader
            except asyncpg.PostgresError:  # Postgres has answered, so the connection is as it was
                self._idle.append(reader)
                raise
            except BaseException:
                reader.connection.terminate()
                self._kept.forget()
                raise
            self._idle.append(reader)

    def _open_one(self) -> Reader | None:
        """One that is idle, unless Postgres has closed it meanwhile."""
        while self._idle:
            reader = self._idle.pop()
            if not reader.connection.is_closed():
                return reader
            self._kept.forget()
        return None


async def _acquired(semaphore: asyncio.Semaphore, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            return await semaphore.acquire()
    except TimeoutError:
        return False


def _unavailable(error: BaseException) -> StoreUnavailable:
    unavailable = StoreUnavailable("Postgres does not answer")
    unavailable.__cause__ = error
    return unavailable
