"""Fields whose answers are kept under stamps, for whoever selects the same beneath them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
import strawberry
from graphql import parse

from execution import stamps as stamps_module
from execution.executor import BatchedExecutor
from execution.stamps import KeptAnswers, Revealed, stamped
from tests.execution.comparing import by_batches, by_core

document_of = cache(parse)  # a plan, and what it keeps, goes with its document


@dataclass
class Row:
    id: int
    stamp: str


@dataclass
class Context:
    """`asked`: the rows whose answers were not kept. `is_told`: whether stamps say all."""

    answers: KeptAnswers
    is_told: bool = True
    name: str = "the operation"
    asked: list[str] = field(default_factory=list)
    learnt_from: str = "none"

    def learn(self, other: "Context") -> None:
        self.learnt_from = other.name


async def things(roots: Sequence[Row], info: strawberry.Info) -> Revealed:
    context = info.context
    context.asked += [row.stamp for row in roots]
    if "unresolvable" in context.asked:
        raise ValueError("no such thing")
    values = [None if row.stamp == "gone" else SimpleNamespace(stamp=row.stamp) for row in roots]
    return Revealed(values, Context(context.answers, name="what is beneath"), lambda: context.is_told)


@strawberry.type
class Thing:
    stamp: str

    @strawberry.field
    def told(self, info: strawberry.Info, by: str = "nobody") -> str:
        return f"{info.context.name}, by {by}"

    @strawberry.field
    def broken(self) -> str | None:
        raise ValueError("broken")


def stamps_of(rows: Sequence[Row], _info: strawberry.Info) -> list[str | None]:
    return [row.stamp or None for row in rows]


@strawberry.type
class Shelf:
    things: list[Thing | None] = stamped(things, stamps=stamps_of)


@strawberry.type
class Query:
    @strawberry.field
    def shelves(self, stamps: list[list[str]]) -> list[Shelf]:
        rows = [[Row(at, stamp) for at, stamp in enumerate(each)] for each in stamps]
        return [SimpleNamespace(things=each) for each in rows]  # type: ignore[misc]  # shaped by Shelf


schema = strawberry.Schema(Query, execution_context_class=BatchedExecutor)


class Client:
    """Asks for the things with some stamps, again and again."""

    def __init__(self, most_bytes: int = 10_000) -> None:
        self.answers = KeptAnswers(most_bytes)

    async def asks(
        self, *stamps: str, thing: str = "stamp", declared: str = "", is_told: bool = True, **variables: Any
    ) -> tuple[list[str], list[Any]]:
        """Those of the stamps that the resolver was asked for, and what came of all."""
        query = f"query ($stamps: [[String!]!]! {declared}) {{ shelves(stamps: $stamps) {{ things {{ {thing} }} }} }}"
        context = Context(self.answers, is_told)
        shelves = [stamps[:1], stamps[1:]]
        result = await by_batches(schema, document_of(query), {"stamps": shelves, **variables}, context)
        assert result.data is not None
        answered = orjson.loads(orjson.dumps(result.data))["shelves"]
        assert [len(shelf["things"]) for shelf in answered] == list(map(len, shelves))
        return context.asked, [thing for shelf in answered for thing in shelf["things"]]


async def test_what_is_kept_is_given_again_and_its_resolver_is_not_asked() -> None:
    client = Client()
    assert await client.asks("a", "b") == (["a", "b"], [{"stamp": "a"}, {"stamp": "b"}])
    assert await client.asks("b", "c", "a") == (["c"], [{"stamp": "b"}, {"stamp": "c"}, {"stamp": "a"}])


async def test_another_selection_is_another_answer() -> None:
    client = Client()
    await client.asks("a")
    assert await client.asks("a", thing="stamp twice: stamp") == (["a"], [{"stamp": "a", "twice": "a"}])


@pytest.mark.parametrize("thing", ["told(by: $by)", "... on Thing { ... { told(by: $by) } }"])
async def test_other_variables_are_another_answer(thing: str) -> None:
    client = Client()
    given: list[dict[str, Any]] = [{"by": "ana"}, {"by": "ben"}, {}]
    for variables in given * 2:
        _, [answer] = await client.asks("a", thing=thing, declared=", $by: String", **variables)
        assert answer == {"told": f"what is beneath, by {variables.get('by', 'nobody')}"}


async def test_variables_that_are_used_elsewhere_make_no_difference() -> None:
    client = Client()
    await client.asks("a", "b")
    assert (await client.asks("b"))[0] == []


async def test_what_is_left_out_by_a_variable_is_left_out() -> None:
    client = Client()
    for with_told in (True, False) * 2:
        thing = "stamp told @include(if: $with)"
        _, [answer] = await client.asks("a", thing=thing, declared=", $with: Boolean!", **{"with": with_told})
        assert ("told" in answer) is with_told


@pytest.mark.parametrize("stamps", [("",), ("gone",)])
async def test_what_has_no_stamp_or_is_not_there_is_not_kept(stamps: tuple[str]) -> None:
    client = Client()
    first = await client.asks(*stamps)
    assert await client.asks(*stamps) == first == ([*stamps], [{"stamp": ""} if stamps == ("",) else None])


async def test_what_depends_on_more_than_its_stamp_is_not_kept() -> None:
    client = Client()
    await client.asks("a", is_told=False)
    assert (await client.asks("a"))[0] == ["a"]
    assert (await client.asks("a"))[0] == []


async def test_where_there_are_errors_nothing_is_kept() -> None:
    client = Client()
    for _ in range(2):
        assert await client.asks("a", thing="stamp broken") == (["a"], [{"stamp": "a", "broken": None}])


async def test_what_was_neither_added_nor_asked_for_lately_is_forgotten() -> None:
    client = Client(most_bytes=2 * 10 * len('{"stamp":"00"}'))
    for number in range(30):
        await client.asks("first", f"{number:02}")
    assert (await client.asks("first", "29"))[0] == []
    assert (await client.asks("00"))[0] == ["00"]


async def test_many_selections_hold_on_to_no_more_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps_module, "MOST_SELECTIONS", 2)
    client = Client(most_bytes=1_000_000)
    for number in range(5):
        await client.asks("a", thing=f"stamp again{number}: stamp")
    assert (await client.asks("a", thing="stamp again4: stamp"))[0] == []
    assert (await client.asks("a", thing="stamp again0: stamp"))[0] == ["a"]


async def test_what_cannot_be_resolved_is_an_error_of_the_list() -> None:
    document = document_of('{ shelves(stamps: [["unresolvable"]]) { things { stamp } } }')
    result = await by_batches(schema, document, {}, Context(KeptAnswers(10_000)))
    assert result.data is None
    assert result.errors is not None
    [error] = result.errors
    assert (error.message, error.path) == ("no such thing", ["shelves", 0, "things"])


async def test_graphql_core_resolves_each_list_and_keeps_nothing() -> None:
    answers = KeptAnswers(10_000)
    for _ in range(2):
        context = Context(answers)
        document = document_of('{ shelves(stamps: [["a", "b"]]) { things { stamp told } } }')
        result = await by_core(schema, document, {}, context)
        assert (context.asked, context.learnt_from) == (["a", "b"], "what is beneath")
        things = [{"stamp": stamp, "told": "the operation, by nobody"} for stamp in ("a", "b")]
        assert result.data == {"shelves": [{"things": things}]}
