"""Asking together: those who ask in the same turn of the event loop are answered in one round trip."""

import asyncio
from asyncio import Future
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Together(Generic[K, V]):
    def __init__(self, answer: Callable[[Sequence[K]], Awaitable[Sequence[V]]]) -> None:
        """`answer`: for each key, in their order. What it raises, all get who asked."""
        self._answer = answer
        self._gathering: Company[K, V] | None = None

    async def load(self, key: K) -> V:
        company = self._gathering
        if company is None:
            company = self._gathering = Company()
            company.task = asyncio.create_task(self._go(company))
        future: Future[V] = asyncio.get_running_loop().create_future()
        company.asked.append((key, future))
        try:
            return await future
        except asyncio.CancelledError:
            if company.is_given_up and company.task is not None:
                company.task.cancel()
                self._begin(company)
            raise

    async def _go(self, company: "Company[K, V]") -> None:
        self._begin(company)
        keys, futures = zip(*company.asked, strict=True)
        try:
            for future, answer in zip(futures, await self._answer(keys), strict=True):
                if not future.done():
                    future.set_result(answer)
        except Exception as error:
            for future in futures:
                if not future.done():
                    future.set_exception(error)

    def _begin(self, company: "Company[K, V]") -> None:
        """From here on, nobody joins."""
        if self._gathering is company:
            self._gathering = None


class Company(Generic[K, V]):
    """Those who are answered together."""

    def __init__(self) -> None:
        self.asked: list[tuple[K, Future[V]]] = []
        self.task: asyncio.Task[None] | None = None

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waits any more."""
        return all(future.done() for _, future in self.asked)
