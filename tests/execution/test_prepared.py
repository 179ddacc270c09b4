"""Operations that are executed again and again: what is remembered of one execution is right for the next."""

import asyncio
from inspect import isawaitable
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, parse
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from execution.executor import BatchedExecutor
from execution.prepared import Prepared


@strawberry.input
class Box:
    size: int


@strawberry.type
class Query:
    @strawberry.field
    def told(self, info: strawberry.Info, first: int = 0, name: str = "", ratio: float = 0.0) -> str:
        return f"{info.context} {first} {name} {ratio}"

    @strawberry.field
    async def later(self, info: strawberry.Info) -> str:
        await asyncio.sleep(0)
        return str(info.context)

    @strawberry.field
    def grown(self, box: Box) -> int:
        box.size += 1
        return box.size

    @strawberry.field
    async def tracking(self, info: strawberry.Info) -> bool:
        async def failing() -> None:
            raise ValueError("nobody need know")

        info._raw_info.async_helpers.track([failing(), 1])
        return await info._raw_info.async_helpers.gather([asyncio.sleep(0, True)]) == [True]


QUERY = """
query ($first: Int! = 1, $name: String, $ratio: Float, $with: Boolean = false) {
  told(first: $first, name: $name, ratio: $ratio) later @include(if: $with)
}
"""


@pytest.fixture(params=[BatchedExecutor, StrawberryGraphQLCoreExecutionContext])
def schema(request: pytest.FixtureRequest) -> strawberry.Schema:
    return strawberry.Schema(Query, execution_context_class=request.param)


async def executed(prepared: Prepared, context: str, **variables: Any) -> ExecutionResult:
    result = prepared.execute(variables, context)
    done: ExecutionResult = await result if isawaitable(result) else result
    return done


async def test_each_execution_has_its_own_context_and_variables(schema: strawberry.Schema) -> None:
    prepared = Prepared(schema, parse(QUERY))
    given: list[dict[str, Any]] = [{}, {"first": 2}, {"name": "x"}, {"ratio": 2}, {"ratio": 2.5}, {"name": "x" * 500}]
    for context in ("one", "other"):
        for each in given:
            result = await executed(prepared, context, **each)
            expected = each.get("first", 1), each.get("name", ""), float(each.get("ratio", 0))
            assert result.data == {"told": " ".join(map(str, (context, *expected)))}


async def test_executions_at_the_same_time_do_not_meet(schema: strawberry.Schema) -> None:
    prepared = Prepared(schema, parse(QUERY))
    contexts = [f"context {number}" for number in range(5)]
    results = await asyncio.gather(*(executed(prepared, context, **{"with": True}) for context in contexts))
    assert [result.data and result.data["later"] for result in results] == contexts


async def test_what_fits_is_not_taken_for_what_is_equal_to_it(schema: strawberry.Schema) -> None:
    prepared = Prepared(schema, parse(QUERY))
    for _ in range(2):
        assert (await executed(prepared, "", first=1)).errors is None
        misfit = await executed(prepared, "", first=True)
        assert misfit.errors is not None
        assert "Int cannot represent" in misfit.errors[0].message


async def test_objects_are_made_anew_for_each_execution(schema: strawberry.Schema) -> None:
    prepared = Prepared(schema, parse("query ($box: Box!) { grown(box: $box) }"))
    for _ in range(2):
        assert (await executed(prepared, "", box={"size": 1})).data == {"grown": 2}


async def test_many_choices_of_variables_do_not_pile_up(schema: strawberry.Schema) -> None:
    prepared = Prepared(schema, parse(QUERY))
    for first in range(250):
        await executed(prepared, "", first=first)
    assert len(prepared._known) <= 100


async def test_variables_that_are_not_declared_are_not_remembered(schema: strawberry.Schema) -> None:
    prepared = Prepared(schema, parse(QUERY))
    for number in range(5):
        await executed(prepared, "", **{"x" * 1_000 + str(number): number})
    assert len(prepared._known) == 1


async def test_resolvers_have_the_helpers_of_graphql_core(schema: strawberry.Schema) -> None:
    assert (await executed(Prepared(schema, parse("{ tracking }")), "")).data == {"tracking": True}


async def test_the_operation_is_the_one_that_is_named(schema: strawberry.Schema) -> None:
    document = parse("query A { told } query B { __typename }")
    assert (await executed(Prepared(schema, document, "B"), "")).data == {"__typename": "Query"}
