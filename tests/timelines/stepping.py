"""Work that a test does one store call at a time, so that other work can come between any two of its calls."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Generic, Literal, NamedTuple, TypeVar, cast

from redis.asyncio import ConnectionPool
from redis.exceptions import ConnectionError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection

from services.upkeep import Upkeep, Work
from stores.errors import StoreUnavailable
from stores.postgres.asking import K, Question, V
from stores.postgres.database import Database, UnitOfWork
from stores.redis.timelines import Timelines

T = TypeVar("T")
Store = Literal["Postgres", "Redis"]
Trouble = Literal["unreachable", "answer lost"]
_current: ContextVar["Stepped[Any] | None"] = ContextVar("_current", default=None)


class Call(NamedTuple):
    """`function`: of the product, with its module."""

    store: Store
    function: str


class Stepped(Generic[T]):
    """Work that stops before each of its store calls. `next`: the one that it is about to make."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self.next: Call | None = None
        self.trouble: Trouble | None = None
        self._may_go, self._has_stopped = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._run(work))
        self._task.add_done_callback(lambda _: self._has_stopped.set())

    @property
    def is_done(self) -> bool:
        return self._task.done()

    def result(self) -> T:
        return self._task.result()

    @classmethod
    async def begun(cls, work: Coroutine[Any, Any, T]) -> "Stepped[T]":
        """It is about to make its first call."""
        stepped = Stepped(work)
        await stepped._has_stopped.wait()
        return stepped

    async def step(self, trouble: Trouble | None = None) -> None:
        """Let one call be made; `trouble` is what Redis makes of it, where it is one to Redis."""
        self.trouble = trouble
        self._has_stopped.clear()
        self._may_go.set()
        await self._has_stopped.wait()

    async def kill(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def pause(self, call: Call) -> None:
        self.next = call
        self._has_stopped.set()
        await self._may_go.wait()
        self._may_go.clear()

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        _current.set(self)
        return await work


async def _pause(store: Store) -> None:
    """Here a store is called; work that is not stepped goes on at once."""
    stepped = _current.get()
    if stepped is not None:
        await stepped.pause(Call(store, _caller()))


def _caller() -> str:
    """The innermost public function of services or stores that is calling."""
    frame = sys._getframe(1)
    while not _is_product(frame.f_globals["__name__"]) or frame.f_code.co_name.startswith(("_", "<")):
        assert frame.f_back is not None
        frame = frame.f_back
    return f"{frame.f_globals['__name__'].rpartition('.')[2]}.{frame.f_code.co_name}"


def _is_product(module: str) -> bool:
    return module.startswith(("services.", "stores.")) and not module.endswith(".statements")


class SteppedConnection:
    """Each statement is a call: outside of a transaction, each sees what is committed when it starts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def execute(self, *arguments: Any) -> Any:  # as a connection's
        await _pause("Postgres")
        return await self._connection.execute(*arguments)

    async def scalar(self, *arguments: Any) -> Any:
        await _pause("Postgres")
        return await self._connection.scalar(*arguments)

    async def scalars(self, *arguments: Any) -> Any:
        await _pause("Postgres")
        return await self._connection.scalars(*arguments)


class SteppedDatabase(Database):
    """Statements of a read are calls each; a unit of work is one, as others see nothing of it before its end."""

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with super().read() as connection:
            yield cast("AsyncConnection", SteppedConnection(connection))

    async def ask(self, question: Question[K, V], keys: Sequence[K]) -> list[V]:
        await _pause("Postgres")
        return await super().ask(question, keys)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        await _pause("Postgres")
        async with super().unit_of_work() as uow:
            yield uow


class SteppedTimelines(Timelines):
    """Each script is a call, which the work's `trouble` befalls."""

    @asynccontextmanager
    async def pushing(self, viewer_ids: Sequence[int], pushed: int) -> AsyncIterator[None]:
        """Redis begins after all that is done meanwhile: what is read before a push is as old as it can be."""
        yield
        await self.push(viewer_ids, pushed)

    async def push(self, viewer_ids: Sequence[int], pushed: int) -> None:
        """A pipeline is no transaction: other work comes between its commands, and it may break off after any."""
        for some in filter(None, (viewer_ids[:1], viewer_ids[1:])):
            await super().push(some, pushed)

    async def _guarded(self, call: Callable[[], Awaitable[T]], *, timeout_s: float | None = None) -> T:
        await _pause("Redis")
        answer = await super()._guarded(call, timeout_s=timeout_s)
        stepped = _current.get()
        if stepped is not None and stepped.trouble == "answer lost":
            raise StoreUnavailable(stepped.trouble)
        return answer


class UnsteadyPool(ConnectionPool):
    """Has no connection for work whose trouble is that Redis is unreachable."""

    async def get_connection(self, *arguments: Any, **options: Any) -> Any:  # as a pool's
        stepped = _current.get()
        if stepped is not None and stepped.trouble == "unreachable":
            raise NoConnection("unreachable")
        return await super().get_connection(*arguments, **options)


class Asked(Upkeep):
    """What reads found to be due, once for each key, until the test does it."""

    def __init__(self) -> None:
        super().__init__(waiting_most=1)
        self.works: dict[object, Work] = {}

    def ask(self, key: object, work: Work) -> None:
        self.works.setdefault(key, work)
