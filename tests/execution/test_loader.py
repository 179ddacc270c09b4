"""What a loader promises: batches, one value for each key, and nothing broken by whoever goes away."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from execution.loader import DerivedLoader, Loader, Loaders
from tests.patience import PATIENCE_S


class Failed(Exception):
    pass


class Backend:
    """Answers with ten times the key; notes what it was asked, can wait, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[int]]] = []
        self.failures: list[BaseException] = []
        self.open = asyncio.Event()
        self.open.set()

    async def answer(self, question: str, keys: list[int]) -> list[int]:
        self.asked.append((question, list(keys)))
        await self.open.wait()
        if self.failures:
            raise self.failures.pop(0)
        return [10 * key for key in keys]


class Tenfold(Loader[Backend, int, int]):
    async def batch_load_fn(self, keys: list[int]) -> list[int]:
        return await self.scope.answer("tenfold", keys)


class Also(Loader[Backend, int, int]):
    async def batch_load_fn(self, keys: list[int]) -> list[int]:
        return await self.scope.answer("also", keys)


class Short(Loader[Backend, int, int]):
    """Forgets the last value."""

    async def batch_load_fn(self, keys: list[int]) -> list[int]:
        return (await self.scope.answer("short", keys))[:-1]


@pytest.fixture
async def backend() -> Backend:
    return Backend()


@pytest.fixture
def loader(backend: Backend) -> Tenfold:
    return Loaders(backend)[Tenfold]


async def ticks(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def begun(backend: Backend, batches: int = 1) -> None:
    """Wait until so many batches have been asked for."""
    for _ in range(100):
        if len(backend.asked) < batches:
            await asyncio.sleep(0)
    assert len(backend.asked) == batches


async def all_of(*waiting: Awaitable[object]) -> list[object]:
    return list(await asyncio.gather(*waiting))


async def test_what_is_asked_for_at_once_is_one_batch(loader: Tenfold, backend: Backend) -> None:
    assert await all_of(*(loader.load(key) for key in (3, 1, 2))) == [30, 10, 20]
    assert backend.asked == [("tenfold", [3, 1, 2])]


@pytest.mark.parametrize("late", [0, 1])
async def test_who_asks_a_tick_later_still_joins_the_batch(loader: Tenfold, backend: Backend, late: int) -> None:
    async def ask(key: int, after: int) -> int:
        await ticks(after)
        return await loader.load(key)

    assert await all_of(ask(1, 0), ask(2, late)) == [10, 20]
    assert backend.asked == [("tenfold", [1, 2])]


async def test_who_asks_later_makes_another_batch(loader: Tenfold, backend: Backend) -> None:
    first = loader.load(1)
    await begun(backend)
    assert await all_of(first, loader.load(2)) == [10, 20]
    assert backend.asked == [("tenfold", [1]), ("tenfold", [2])]


async def test_a_key_is_asked_for_once_whoever_wants_it(loader: Tenfold, backend: Backend) -> None:
    values = await all_of(loader.load(1), loader.load(1), loader.load_many([1, 2, 1]), loader.load(2))
    assert values == [10, 10, [10, 20, 10], 20]
    assert await loader.load(1) == 10
    assert await loader.load_many([2, 1]) == [20, 10]
    assert backend.asked == [("tenfold", [1, 2])]


async def test_a_key_that_is_on_its_way_is_not_asked_for_again(loader: Tenfold, backend: Backend) -> None:
    backend.open.clear()
    first = loader.load(1)
    await begun(backend)
    waiting = asyncio.ensure_future(all_of(first, loader.load(1), loader.load_many([1, 1])))
    await ticks(5)
    backend.open.set()
    assert await waiting == [10, 10, [10, 10]]
    assert len(backend.asked) == 1


async def test_loaders_of_an_operation_begin_together(backend: Backend) -> None:
    loaders = Loaders(backend)
    backend.open.clear()
    waiting = asyncio.ensure_future(all_of(loaders[Tenfold].load(1), loaders[Also].load(2)))
    await begun(backend, 2)
    backend.open.set()
    assert await waiting == [10, 20]
    assert loaders[Tenfold] is loaders[Tenfold]


async def test_operations_share_nothing(backend: Backend) -> None:
    for _ in range(2):
        assert await Loaders(backend)[Tenfold].load(1) == 10
    assert len(backend.asked) == 2


async def test_many_keys_come_in_order_with_duplicates(loader: Tenfold, backend: Backend) -> None:
    assert await loader.load_many([3, 1, 3, 2, 1]) == [30, 10, 30, 20, 10]
    assert backend.asked == [("tenfold", [3, 1, 2])]


async def test_no_keys_are_no_batch(loader: Tenfold, backend: Backend) -> None:
    assert await loader.load_many([]) == []
    await ticks(5)
    assert backend.asked == []


async def test_many_keys_of_several_batches_are_put_together(loader: Tenfold, backend: Backend) -> None:
    backend.open.clear()
    first = loader.load(1)
    await begun(backend)
    many = asyncio.ensure_future(loader.load_many([2, 1, 3]))
    await begun(backend, 2)
    backend.open.set()
    assert (await first, await many) == (10, [20, 10, 30])
    assert backend.asked == [("tenfold", [1]), ("tenfold", [2, 3])]


async def test_what_is_primed_is_not_asked_for(loader: Tenfold, backend: Backend) -> None:
    assert await loader.prime(1, 11).load(1) == 11
    assert await loader.prime(1, 12).load(1) == 11
    assert backend.asked == []


async def test_what_is_known_may_be_had_without_waiting(loader: Tenfold, backend: Backend) -> None:
    soon = loader.known_or_load(1)
    assert not isinstance(soon, int)
    assert (await soon, loader.known_or_load(1)) == (10, 10)
    assert backend.asked == [("tenfold", [1])]


async def test_what_is_cleared_is_asked_for_again(loader: Tenfold, backend: Backend) -> None:
    await loader.load_many([1, 2])
    assert await loader.clear(1).load_many([1, 2]) == [10, 20]
    assert [keys for _, keys in backend.asked] == [[1, 2], [1]]


@pytest.mark.parametrize("ask", [lambda loader, key: loader.load(key), lambda loader, key: loader.load_many([key])])
async def test_who_stops_waiting_neither_stops_others_nor_spoils_the_key(
    loader: Tenfold, backend: Backend, ask: Callable[[Tenfold, int], "asyncio.Future[object]"]
) -> None:
    backend.open.clear()
    leaving = [asyncio.ensure_future(ask(loader, 1)) for _ in range(3)]
    staying = [asyncio.ensure_future(ask(loader, key)) for key in (1, 2)]
    await begun(backend)
    for waiter in leaving:
        waiter.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)
    assert all(waiter.cancelled() for waiter in leaving)
    assert not any(waiter.done() for waiter in staying)
    backend.open.set()
    await asyncio.gather(*staying)
    assert await loader.load(1) == 10
    assert len(backend.asked) == 1


async def test_a_batch_is_loaded_though_all_who_waited_are_gone(loader: Tenfold, backend: Backend) -> None:
    leaving = loader.load(1)
    leaving.cancel()
    await begun(backend)
    await ticks(3)
    assert await loader.load(1) == 10
    assert len(backend.asked) == 1


async def test_all_who_wait_for_a_batch_that_fails_are_told(loader: Tenfold, backend: Backend) -> None:
    backend.failures = [Failed("once")]
    told = await asyncio.gather(loader.load(1), loader.load(2), _many(loader, [1, 2]), return_exceptions=True)
    assert [repr(failure) for failure in told] == ["Failed('once')"] * 3


async def test_a_failure_is_not_remembered(loader: Tenfold, backend: Backend) -> None:
    backend.failures = [Failed("once")]
    with pytest.raises(Failed):
        await loader.load(1)
    assert await all_of(loader.load(1), loader.load(2)) == [10, 20]
    assert [keys for _, keys in backend.asked] == [[1], [1, 2]]


async def test_a_batch_that_is_cancelled_leaves_nobody_waiting(loader: Tenfold, backend: Backend) -> None:
    backend.failures = [asyncio.CancelledError()]
    async with asyncio.timeout(PATIENCE_S):
        told = await asyncio.gather(loader.load(1), loader.load(2), _many(loader, [1]), return_exceptions=True)
    assert [str(failure) for failure in told] == ["Tenfold was cancelled"] * 3
    assert await loader.load(1) == 10


async def test_a_batch_of_too_few_values_is_an_error(backend: Backend) -> None:
    with pytest.raises(TypeError, match="Short gave 1 values for 2 keys"):
        await Loaders(backend)[Short].load_many([1, 2])


async def test_values_that_nobody_awaits_are_no_trouble(loader: Tenfold, backend: Backend) -> None:
    loader.load_many([1, 2])
    await begun(backend)
    await ticks(3)
    assert await loader.load_many([2, 1]) == [20, 10]


async def test_thousands_who_come_and_go_get_their_own_answers(backend: Backend) -> None:
    loader = Loaders(backend)[Tenfold]
    waiters = []
    for number in range(5_000):
        waiters.append(loader.load(number % 700))
        if number % 7 == 0:
            waiters[-1].cancel()
        if number % 50 == 0:
            await asyncio.sleep(0)
    answers = await asyncio.gather(*waiters, return_exceptions=True)
    stayed = [(number % 700, answer) for number, answer in enumerate(answers) if number % 7]
    assert all(answer == 10 * key for key, answer in stayed)
    asked = [key for _, keys in backend.asked for key in keys]
    assert sorted(asked) == list(range(700))


async def _many(loader: Loader[Backend, int, int], keys: list[int]) -> list[int]:
    return await loader.load_many(keys)


class Half(DerivedLoader[Backend, int, int]):
    source = Tenfold

    @classmethod
    def derive(cls, found: int) -> int:
        if found < 0:
            raise Failed("negative")
        return found // 2


async def test_what_follows_from_another_question_is_asked_of_that(backend: Backend) -> None:
    half = Loaders(backend)[Half]
    assert await all_of(half.load(1), half.load_many([2, 1, 2]), half.load(2)) == [5, [10, 5, 10], 10]
    assert await half.load(1) == 5
    assert backend.asked == [("tenfold", [1, 2])]


async def test_what_follows_from_what_is_known_waits_for_nothing(backend: Backend) -> None:
    loaders = Loaders(backend)
    loaders[Tenfold].prime(1, 12)
    loaders[Half].prime(2, 7)
    asked = loaders[Half].load_many([1, 2])
    await ticks(2)
    assert (asked.all(), loaders[Half].load(1).result()) == ([6, 7], 6)
    assert backend.asked == []


async def test_what_is_cleared_is_derived_again(backend: Backend) -> None:
    loaders = Loaders(backend)
    assert await loaders[Half].load(1) == 5
    loaders[Tenfold].clear(1).prime(1, 30)
    assert await loaders[Half].load(1) == 5
    assert await loaders[Half].clear(1).load(1) == 15


async def test_who_waits_for_what_follows_is_told_of_failures(backend: Backend) -> None:
    half, backend.failures = Loaders(backend)[Half], [Failed("once")]
    told = await asyncio.gather(half.load(1), _many(half, [1, 2]), return_exceptions=True)
    assert [repr(failure) for failure in told] == ["Failed('once')"] * 2
    half.loaders[Tenfold].prime(3, -1)
    with pytest.raises(Failed, match="negative"):
        await half.load(3)
    assert await half.load(1) == 5


async def test_who_stops_waiting_for_what_follows_stops_nobody(backend: Backend) -> None:
    half = Loaders(backend)[Half]
    leaving, staying = half.load(1), half.load(1)
    leaving.cancel()
    assert await staying == 5
