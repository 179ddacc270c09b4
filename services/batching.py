"""A loader for writes: what arrives while the previous batch commits is committed together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

I = TypeVar("I")  # noqa: E741  # an item
R = TypeVar("R")

Commit = Callable[[Sequence[I]], Awaitable[Sequence[R | Exception]]]
"""Commits items in one transaction; gives the result of each in their order, or why it was refused."""


class WriteBatcher(Generic[I, R]):
    """Commits one batch at a time, so that a hot row is locked once for all who want to change it.

    Each caller is answered after the commit. A refused item fails its own caller only; a commit that fails, all of its
    batch. A caller who goes away takes nothing back.
    """

    def __init__(self, commit: Commit[I, R], *, most: int) -> None:
        self._commit, self._most = commit, most
        self._waiting: list[tuple[I, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None

    async def write(self, item: I) -> R:
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._answer(batch)
        finally:
            self._running = None

    async def _answer(self, batch: Sequence[tuple[I, "asyncio.Future[R]"]]) -> None:
        results: Sequence[R | Exception]
        try:
            results = await self._commit([item for item, _ in batch])
        except Exception as error:
            results = [error] * len(batch)
        for (_, answer), result in zip(batch, results, strict=True):
            if answer.done():
                continue
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)
