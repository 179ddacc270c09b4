"""Ways to answer the same questions: whether they answer alike, and what each takes of the processors."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from time import perf_counter, process_time
from typing import Any, Generic, NamedTuple, TypeVar

from bench.turns import in_turns
from bench.usage import cpus_s
from dev.embedded import EmbeddedServers

K = TypeVar("K")
V = TypeVar("V")
TOGETHER = 16
"""Questions in flight where they may share what they ask."""
TURN_S = 0.4
"""How long a way is asked in a turn; so a busy machine is measured by less, and not for longer."""

Cost = dict[str, float]
"""Of a question, in us: CPU of this process (`client`), of Postgres, of Redis, of `all` three; and what `elapsed`."""


class Way(NamedTuple, Generic[K, V]):
    """`in_flight`: so many questions at a time; each is followed by another one."""

    name: str
    ask: Callable[[K], Awaitable[V]]
    in_flight: int = 1


@dataclass(frozen=True)
class Comparison(Generic[K, V]):
    """Ways to answer the same. `plain`: as much of an answer as must be alike; all, unless given."""

    what: str
    ways: Sequence[Way[K, V]]
    questions: Sequence[K]
    plain: Callable[[V], object] = lambda found: found

    async def compare(self) -> None:
        """Raises AssertionError where two ways differ. All are warm afterwards."""
        expected, *others = [await self._answers(way) for way in self.ways]
        for way, found in zip(self.ways[1:], others, strict=True):
            for question, one, other in zip(self.questions, expected, found, strict=True):
                assert one == other, (self.what, way.name, question, one, other)

    async def measured(self, servers: EmbeddedServers, rounds: int) -> list[list[Cost]]:
        """Of each way, in their order, the cost in each round; they take turns."""
        costs: list[list[Cost]] = [[] for _ in self.ways]
        for number in in_turns(range(len(self.ways)), rounds):
            costs[number].append(await self._cost(self.ways[number], servers))
        return costs

    async def _answers(self, way: Way[K, V]) -> list[object]:
        found: dict[int, object] = {}

        async def ask(number: int) -> None:
            found[number] = self.plain(await way.ask(self.questions[number]))

        await asked(Way(way.name, ask, way.in_flight), range(len(self.questions)))
        return [found[number] for number in range(len(self.questions))]

    async def _cost(self, way: Way[K, V], servers: EmbeddedServers) -> Cost:
        pids = servers.postgres.pid, servers.valkey.pid
        stores_before, began, before = cpus_s(pids), perf_counter(), process_time()
        many = await asked(way, repeated(self.questions, until_s=began + TURN_S))
        client_s, elapsed_s = process_time() - before, perf_counter() - began
        postgres_s, redis_s = (after - was for was, after in zip(stores_before, cpus_s(pids), strict=True))
        used = {"client": client_s, "postgres": postgres_s, "redis": redis_s, "all": client_s + postgres_s + redis_s}
        return {name: 1e6 * seconds / many for name, seconds in (used | {"elapsed": elapsed_s}).items()}


async def asked(way: Way[K, Any], questions: Iterable[K]) -> int:
    """All of these, whatever the answers; gives how many they were."""
    waiting = iter(questions)

    async def ask_one_after_the_other() -> int:
        many = 0
        for question in waiting:
            await way.ask(question)
            many += 1
        return many

    return sum(await asyncio.gather(*(ask_one_after_the_other() for _ in range(way.in_flight))))


def repeated(questions: Sequence[K], *, until_s: float) -> Iterator[K]:
    """Again and again, until it is that late by `perf_counter`."""
    for question in cycle(questions):
        if perf_counter() >= until_s:
            return
        yield question
