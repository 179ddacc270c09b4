"""What an operation waits for: the coroutines of its resolvers, which are its own, and the batches of loaders."""

import asyncio
from asyncio import Future, Task
from collections.abc import Awaitable, Callable, Sequence
from inspect import iscoroutine
from typing import Any, NamedTuple


class Call(NamedTuple):
    """Awaitables that resolvers gave, not yet begun, and what to do with what becomes of them: values or exceptions."""

    awaitables: list[Awaitable[Any]]
    then: Callable[[list[Any]], None]


class Work:
    """Goes on with `burst` whenever something has arrived, while the operation `is_wanted`.

    Awaitables of one call are awaited together, with one task for each coroutine; a lone one needs none.
    """

    def __init__(self, burst: Callable[[], None], is_wanted: Callable[[], bool]) -> None:
        self._burst, self._is_wanted = burst, is_wanted
        self._calls: list[Call] = []
        self._pending = 0  # what has begun and has not arrived
        self._tasks: list[Future[Any]] = []
        self._arrival: Future[None] | None = None
        self._fatal: BaseException | None = None  # no error of a field: ends the operation
        self._is_awaited = self._is_over = False

    @property
    def is_under_way(self) -> bool:
        return bool(self._pending or self._calls)

    def call(self, awaitables: list[Awaitable[Any]], then: Callable[[list[Any]], None]) -> None:
        """Await them, then go on with their values; an exception is the value of what raised it."""
        self._calls.append(Call(awaitables, then))

    def when(self, futures: "list[Future[None]]", then: Callable[[], None]) -> None:
        """Go on as soon as all of them are done, at once where they are. They are not this operation's to cancel."""
        if not futures:
            then()
            return
        self._pending += 1
        left = len(futures)

        def arrived(_: "Future[None]") -> None:
            nonlocal left
            left -= 1
            if not left:
                self._arrived(then)

        for future in futures:
            future.add_done_callback(arrived)

    def keep_going(self) -> None:
        """At the end of a burst: begin what was called, unless it may be awaited without a task.

        No task begins before `done` is there to end it.
        """
        if self._pending and self._is_awaited:
            self._begin()

    async def done(self) -> None:
        """Return when nothing is under way, or the operation is not wanted; either way, without a task left."""
        self._is_awaited = True
        try:
            while self.is_under_way and self._is_wanted() and self._fatal is None:
                if not self._pending and len(self._calls) == 1 and len(self._calls[0].awaitables) == 1:
                    call = self._calls.pop()
                    call.then([await _outcome(call.awaitables[0])])
                    self._burst()
                else:
                    await self._next()
            if self._fatal is not None:
                raise self._fatal
        finally:
            if self.is_under_way:
                await self._end()

    async def _next(self) -> None:
        """Begin what was called; return when all has arrived, or something that ends the operation."""
        self._begin()
        self._arrival = asyncio.get_running_loop().create_future()
        await self._arrival

    def _begin(self) -> None:
        calls, self._calls = self._calls, []
        for call in calls:
            tasks = [asyncio.ensure_future(each) for each in call.awaitables]
            self._tasks += [task for task in tasks if isinstance(task, Task)]
            if len(tasks) == 1:
                self._follow(tasks[0], call, lambda task: [_result(task)])
            else:
                together = asyncio.ensure_future(_outcomes(tasks))
                self._tasks.append(together)
                self._follow(together, call, Future.result)

    def _follow(self, task: "Future[Any]", call: Call, results: Callable[["Future[Any]"], list[Any]]) -> None:
        self._pending += 1
        task.add_done_callback(lambda _: self._arrived(lambda: call.then(results(task))))

    def _arrived(self, then: Callable[[], None]) -> None:
        if self._is_over:
            return
        self._pending -= 1
        try:
            then()
            self._burst()
        except BaseException as error:
            self._fatal = error
        is_at_end = not self._pending or self._fatal is not None or not self._is_wanted()
        if is_at_end and self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    async def _end(self) -> None:
        """Leave no task behind. A loader's batch is the loader's: others may be waiting for it."""
        self._is_over = True
        for awaitable in (each for call in self._calls for each in call.awaitables):
            if iscoroutine(awaitable):
                awaitable.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _outcome(awaitable: Awaitable[Any]) -> Any:
    """Its value, or the exception that it raised."""
    try:
        return await awaitable
    except Exception as error:
        return error


async def _outcomes(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    return [await _outcome(each) for each in awaitables]


def _result(future: "Future[Any]") -> Any:
    """As `_outcome`, of what is done."""
    error = future.exception()
    if error is not None and not isinstance(error, Exception):
        raise error
    return error or future.result()
