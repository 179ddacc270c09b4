"""Statements that the requests in flight share: while some run, what is asked meanwhile gathers for the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Any


class Shared:
    """`ask` is called with all keys that gathered, at most `at_once` times at a time."""

    def __init__(self, ask: Callable[[list[Any]], Awaitable[Any]], at_once: int) -> None:
        self._ask, self._free = ask, at_once
        self._keys: dict[Hashable, None] = {}
        self._answer: asyncio.Future[Any] | None = None

    def load(self, keys: Iterable[Hashable]) -> "asyncio.Future[Any]":
        """An answer that covers these keys, among others."""
        loop = asyncio.get_running_loop()
        if self._answer is None:
            self._answer = loop.create_future()
            if self._free:
                loop.call_soon(self._start)
        self._keys.update(dict.fromkeys(keys))
        return self._answer

    def _start(self) -> None:
        if self._answer is not None and self._free:
            self._free -= 1
            keys, answer, self._keys, self._answer = self._keys, self._answer, {}, None
            self._running = asyncio.get_running_loop().create_task(self._run(list(keys), answer))

    async def _run(self, keys: list[Any], answer: "asyncio.Future[Any]") -> None:
        try:
            answer.set_result(await self._ask(keys))
        except Exception as error:
            answer.set_exception(error)
        self._free += 1
        self._start()
