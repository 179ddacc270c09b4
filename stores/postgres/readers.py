"""Connections for what is asked all the time: whoever asks the same meanwhile asks together."""

import asyncio
from asyncio import Future
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, cast

import asyncpg

from stores.errors import StoreUnavailable
from stores.postgres.asking import K, Question, Reader, V
from stores.postgres.keeping import KeptRows

LONG_S = 0.025
"""A statement that takes longer holds up no other. Sooner, those who would share the next one are split in two."""
TURNS_FOR_COMPANY = 2
"""Turns of the event loop before the first statement after a rest: one reads a burst of requests, one has them ask."""
MOST_KEYS = 4_000
"""Keys after which those who ask next begin another statement."""
PASSED_OVER_MOST = 5
"""How often a question that fewer wait for is asked later than others."""
NO_ANSWER = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,  # shutting down, and a statement that ran out of time
)


class Round(Generic[K, V]):
    """One asking of a question: the keys, and who waits for their answers."""

    def __init__(self, question: Question[K, V]) -> None:
        self.question = question
        self.keys: dict[K, int] = {}  # with their places
        self.passed_over = 0
        self.refusal: asyncio.TimerHandle | None = None  # to come, unless it is asked before
        self._waiting: list[Future[Sequence[V]]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    async def join(self, keys: Sequence[K]) -> list[V]:
        """The answers to these."""
        places = [self.keys.setdefault(key, len(self.keys)) for key in keys]
        future: Future[Sequence[V]] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        answers = await future
        return [answers[place] for place in places]

    def settle(self, answers: Sequence[V]) -> None:
        assert len(answers) == len(self.keys), "an answer for each key"
        for future in self._waiting:
            if not future.done():
                future.set_result(answers)

    def fail(self, error: BaseException) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_exception(error)


class Readers:
    """At most `size` connections, made when first needed. One reads at a time, unless a statement takes long.

    While one statement runs, other questions find company; the one that most wait for is asked next.
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], *, size: int, wait_s: float, rows_kept: int) -> None:
        """`connect` gives a new connection of asyncpg's; who waits for `wait_s` for one to be free is refused."""
        self._connect, self._size, self._wait_s = connect, size, wait_s
        self.kept = KeptRows(rows_kept)
        self._idle: list[Reader] = []
        self._gathering: dict[Question[Any, Any], Round[Any, Any]] = {}
        self._waiting: list[Round[Any, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._swift = 0  # those of them whose statement has not taken long

    async def ask(self, question: Question[K, V], keys: Sequence[K]) -> list[V]:
        """An answer for each key, in their order; raises StoreUnavailable.

        The statement starts after this was called. Until then, others who ask the same question join it.
        """
        gathering: Round[K, V] | None = self._gathering.get(question)
        if gathering is None or len(gathering.keys) >= MOST_KEYS:
            gathering = self._gathering[question] = Round(question)
            gathering.refusal = asyncio.get_running_loop().call_later(self._wait_s, self._refuse, gathering)
            self._waiting.append(gathering)
            self._see_to_it()
        return await gathering.join(keys)

    async def close(self) -> None:
        while self._waiting:
            self._next().fail(StoreUnavailable("The connections to Postgres are closed"))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for reader in self._idle:
            reader.connection.terminate()
        self._idle.clear()

    def _see_to_it(self) -> None:
        """That what is waiting is asked: by the next connection, where all others take long."""
        if self._waiting and not self._swift and len(self._tasks) < self._size:
            self._swift += 1
            self._tasks.add(asyncio.create_task(self._read()))

    async def _read(self) -> None:
        """Ask what is waiting, until nothing is, or another one sees to it."""
        is_swift = True

        def take_long() -> None:
            nonlocal is_swift
            is_swift = False
            self._swift -= 1
            self._see_to_it()

        try:
            for _ in range(TURNS_FOR_COMPANY):
                await asyncio.sleep(0)
            while self._waiting and self._swift <= 1:
                alarm = asyncio.get_running_loop().call_later(LONG_S, take_long)
                try:
                    await self._answer(self._next())
                finally:
                    alarm.cancel()
                if not is_swift:
                    is_swift, self._swift = True, self._swift + 1
        finally:
            self._swift -= is_swift
            self._tasks.discard(cast("asyncio.Task[None]", asyncio.current_task()))
            self._see_to_it()

    def _next(self) -> Round[Any, Any]:
        """What most wait for, unless that has been said too often to another one."""
        oldest = self._waiting[0]
        oldest.passed_over += 1
        chosen = oldest if oldest.passed_over > PASSED_OVER_MOST else max(self._waiting, key=len)
        self._waiting.remove(chosen)
        if chosen.refusal is not None:
            chosen.refusal.cancel()  # it would hold on to all answers until then
        return chosen

    def _refuse(self, gathering: Round[Any, Any]) -> None:
        """Where nobody has been free for it in time."""
        self._waiting.remove(gathering)
        self._begin(gathering)
        gathering.fail(_unavailable(TimeoutError()))

    async def _answer(self, gathering: Round[K, V]) -> None:
        try:
            async with self._reader() as reader:
                self._begin(gathering)
                gathering.settle(await gathering.question(reader, list(gathering.keys)))
        except NO_ANSWER as error:
            gathering.fail(_unavailable(error))
        except Exception as error:
            gathering.fail(error)
        except BaseException as error:
            gathering.fail(StoreUnavailable("The connections to Postgres are closed"))
            raise error
        finally:
            self._begin(gathering)

    def _begin(self, gathering: Round[Any, Any]) -> None:
        """From here on, nobody joins."""
        if self._gathering.get(gathering.question) is gathering:
            del self._gathering[gathering.question]

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[Reader]:
        reader = self._open_one() or Reader(await self._connect(), self.kept)
        try:
            yield reader
        except asyncpg.PostgresError:  # Postgres has answered, so the connection is as it was
            self._idle.append(reader)
            raise
        except BaseException:
            reader.connection.terminate()
            self.kept.forget()
            raise
        self._idle.append(reader)

    def _open_one(self) -> Reader | None:
        """One that is idle, unless Postgres has closed it meanwhile."""
        while self._idle:
            reader = self._idle.pop()
            if not reader.connection.is_closed():
                return reader
            self.kept.forget()
        return None


def _unavailable(error: BaseException) -> StoreUnavailable:
    unavailable = StoreUnavailable("Postgres does not answer")
    unavailable.__cause__ = error
    return unavailable
