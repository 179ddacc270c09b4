"""What running by batches promises beyond its answers: what it asks, what it runs, what it leaves behind."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, ClassVar, cast

import pytest
import strawberry
from graphql import execute, parse
from strawberry.extensions import SchemaExtension

import execution
from execution.edges import edge
from execution.levels import together
from execution.loader import Loader, Loaders


class World:
    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.calls: list[str] = []
        self.gate = asyncio.Event()
        self.is_down = False
        self.loaders = Loaders(self)


class PersonById(Loader[World, int, "Person"]):
    async def batch_load_fn(self, keys: list[int]) -> "list[Person]":
        self.scope.asked.append(keys)
        if self.scope.is_down:
            raise ConnectionError("the store is down")
        return [Person(number=key) for key in keys]


def next_people(roots: "Sequence[Person]", info: strawberry.Info) -> "Awaitable[list[Person]]":
    return cast("World", info.context).loaders[PersonById].load_many([person.number + 1 for person in roots])


@strawberry.type
class Person:
    number: int

    @strawberry.field
    def friend_number(self) -> int:
        return self.number + 1

    friend: "Person" = edge(PersonById, key="number")
    friends: list["Person"] = edge(PersonById, keys="numbers")
    maybe: "Person | None" = edge(PersonById, key="nobody")
    next: "Person" = together(next_people)

    @property
    def numbers(self) -> list[int]:
        return [self.number, 100]

    @property
    def nobody(self) -> None:
        return None

    @strawberry.field
    async def patient(self, info: strawberry.Info) -> int:
        info.context.calls.append("begun")
        try:
            await info.context.gate.wait()
        except asyncio.CancelledError:
            info.context.calls.append("cancelled")
            raise
        return self.number

    @strawberry.field
    async def failing(self, info: strawberry.Info) -> int:
        info.context.calls.append("failing")
        raise ValueError("no such luck")

    @strawberry.field
    def path(self, info: strawberry.Info) -> str:
        return ".".join(map(str, info.path.as_list()))


@strawberry.type
class Query:
    @strawberry.field
    def people(self, first: int = 3) -> list[Person]:
        return [Person(number=number) for number in range(first)]

    @strawberry.field
    async def slow(self, info: strawberry.Info) -> int | None:
        await info.context.gate.wait()
        return 1


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def step(self, info: strawberry.Info, name: str) -> Person | None:
        info.context.calls.append(f"{name} begins")
        await asyncio.sleep(0)
        info.context.calls.append(f"{name} ends")
        return Person(number=1)

    @strawberry.mutation
    def refuse(self) -> int:
        raise ValueError("refused")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def people(self) -> AsyncIterator[Person]:
        for number in range(2):
            yield Person(number=number)


class Watched(execution.BatchedExecutor):
    """Notes what was left to graphql-core."""

    left: ClassVar[list[str]] = []

    def execute_fields(self, *args: Any) -> Any:
        self.left.append("left")
        return super().execute_fields(*args)


schema = strawberry.Schema(Query, Mutation, Subscription, execution_context_class=Watched)


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """A coroutine that nobody awaited would be noticed here."""
    Watched.left.clear()
    yield
    gc.collect()


async def ran(query: str, world: World, **variables: Any) -> Any:
    result = execution.run(schema, parse(query), None, variables, world)
    return result if isinstance(result, execution.ExecutionResult) else await result


Tasks = Callable[[], set[asyncio.Task[Any]]]


@pytest.fixture
async def others() -> Tasks:
    """The tasks that were not there before the test, and are not the test."""
    before = asyncio.all_tasks()
    return lambda: asyncio.all_tasks() - before - {cast("asyncio.Task[Any]", asyncio.current_task())}


async def test_a_level_asks_its_loader_once_for_distinct_keys() -> None:
    world = World()
    result = await ran("{ people { friend { friend { number } } friends { number } maybe { number } } }", world)
    assert result.errors is None
    assert result.data["people"][2]["friends"] == [{"number": 2}, {"number": 100}]
    assert [person["maybe"] for person in result.data["people"]] == [None] * 3
    assert world.asked == [[0, 1, 2, 100]]


async def test_what_a_loader_gives_may_be_given_back_as_it_is() -> None:
    world = World()
    result = await ran("{ people { next { number } friend { number } } }", world)
    assert result.errors is None
    assert [person["next"]["number"] for person in result.data["people"]] == [1, 2, 3]
    assert world.asked == [[1, 2, 3, 0]]
    core: Any = execute(schema._schema, parse("{ people { next { number } } }"), context_value=World())
    assert (await core).data["people"][2] == {"next": {"number": 3}}


async def test_an_outage_is_told_of_what_a_loader_gave_back() -> None:
    world = World()
    world.is_down = True
    result = await ran("{ people { next { number } } }", world)
    assert result.data is None
    assert [error.path for error in result.errors] == [["people", 0, "next"]]


async def test_what_needs_no_waiting_is_there_at_once() -> None:
    result = execution.run(schema, parse("{ people { number friendNumber path } }"), context=World())
    assert isinstance(result, execution.ExecutionResult)
    assert result.data
    assert result.data["people"][1] == {"number": 1, "friendNumber": 2, "path": "people.1.path"}


async def test_an_outage_is_asked_about_once_and_told_of_each_row() -> None:
    world = World()
    world.is_down = True
    result = await ran("{ people { number friend { number } } }", world)
    assert result.data is None
    assert [error.path for error in result.errors] == [["people", 0, "friend"]]
    assert world.asked == [[0, 1, 2]]


async def test_a_resolver_that_fails_runs_once() -> None:
    world = World()
    result = await ran("{ people(first: 1) { failing } }", world)
    assert (result.data, world.calls) == (None, ["failing"])


async def test_a_null_at_the_top_ends_what_is_under_way(others: Tasks) -> None:
    world = World()
    result = await ran("{ people(first: 1) { failing } other: people(first: 1) { patient } }", world)
    assert result.data is None
    assert world.calls.count("cancelled") == world.calls.count("begun")
    assert others() == set()


async def test_a_cancelled_operation_leaves_no_task(others: Tasks) -> None:
    world = World()
    task = asyncio.create_task(ran("{ people { patient } slow }", world))
    await until(lambda: world.calls == ["begun"] * 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.calls[3:] == ["cancelled"] * 3
    assert others() == set()


async def test_an_operation_cancelled_before_it_is_awaited_leaves_no_task(others: Tasks) -> None:
    world = World()
    task = asyncio.create_task(ran("{ people { friend { number } } }", world))
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert others() == set()


async def test_a_cancelled_operation_does_not_touch_another_that_shares_its_loaders() -> None:
    world, query = World(), "{ people { friend { number patient } } }"
    cancelled, other = (asyncio.create_task(ran(query, world)) for _ in range(2))
    await until(lambda: bool(world.asked))
    cancelled.cancel()
    world.gate.set()
    result = await other
    assert cancelled.cancelled()
    assert result.errors is None
    assert result.data["people"][2] == {"friend": {"number": 2, "patient": 2}}


async def test_mutations_run_one_after_another_until_the_answer_is_null() -> None:
    world = World()
    query = """mutation { a: step(name: "a") { friend { number } } b: step(name: "b") { number } refuse
                          c: step(name: "c") { number } }"""
    result = await ran(query, world)
    assert world.calls == ["a begins", "a ends", "b begins", "b ends"]
    assert result.data is None
    assert [error.message for error in result.errors] == ["refused"]


async def test_events_of_a_subscription_run_by_batches() -> None:
    world = World()
    stream = await schema.subscribe("subscription { people { number friend { number } } }", context_value=world)
    events = [event.data async for event in stream]
    assert events == [{"people": {"number": number, "friend": {"number": number}}} for number in range(2)]
    assert Watched.left == []


async def test_an_event_may_be_run_for_many_at_once() -> None:
    document, world = parse("subscription { people { friend { number } } }"), World()
    runs: list[Any] = [
        execution.run(schema, document, context=world, root=Person(number=number)) for number in range(3)
    ]
    results = await asyncio.gather(*runs)
    assert [result.data for result in results] == [{"people": {"friend": {"number": number}}} for number in range(3)]
    assert world.asked == [[0, 1, 2]]


async def test_it_plugs_into_strawberry() -> None:
    result = await schema.execute("{ people { friend { number } } }", context_value=World())
    assert result.data == {"people": [{"friend": {"number": number}} for number in range(3)]}
    assert Watched.left == []
    assert schema.execute_sync("{ people { number } }").data == {"people": [{"number": number} for number in range(3)]}


async def test_what_extensions_need_field_by_field_is_left_to_graphql_core() -> None:
    class Doubling(SchemaExtension):
        def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
            value = _next(root, info, *args, **kwargs)
            return value * 2 if info.field_name == "number" else value

    extended = strawberry.Schema(Query, execution_context_class=Watched, extensions=[Doubling])
    result = extended.execute_sync("{ people { number } }")
    assert result.data == {"people": [{"number": 0}, {"number": 2}, {"number": 4}]}
    assert Watched.left


async def test_choices_of_skip_and_include_each_have_a_plan() -> None:
    query = "query ($more: Boolean!) { people(first: 1) { number friendNumber @include(if: $more) } }"
    document = parse(query)
    for more, expected in ((True, {"number": 0, "friendNumber": 1}), (False, {"number": 0})) * 2:
        result: Any = execution.run(schema, document, None, {"more": more}, World())
        assert result.data == {"people": [expected]}


async def test_variables_that_do_not_fit_are_told_before_anything_runs() -> None:
    result = await ran("query ($first: Int!) { people(first: $first) { number } }", World(), first="many")
    assert result.data is None
    assert result.errors[0].path is None


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if not is_so():
            await asyncio.sleep(0)
    assert is_so()
