"""What a schema says of its rows: computed fields, rows that are kept, and levels resolved at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, parse
from graphql import execute as core_execute

import execution
from execution.levels import together
from execution.rows import KEPT_MOST, computed, shape_of


class Row:
    """Bears `kept`, as rows do that are given to many operations."""

    def __init__(self, number: int) -> None:
        self.number, self.kept = number, dict[Any, Any]()


class Context:
    def __init__(self) -> None:
        self.calls: list[tuple[str, list[int]]] = []


def squares(roots: Sequence[Row], info: strawberry.Info) -> list[int]:
    info.context.calls.append(("squares", [row.number for row in roots]))
    return [row.number**2 for row in roots]


async def powers(roots: Sequence[Row], info: strawberry.Info, exponent: int = 3) -> list[int | Exception]:
    """Not of 13."""
    info.context.calls.append(("powers", [row.number for row in roots]))
    await asyncio.sleep(0)
    return [ValueError("no luck") if row.number == 13 else row.number**exponent for row in roots]


async def too_few(roots: Sequence[Row], info: strawberry.Info) -> list[int]:
    return [1]


async def failing(roots: Sequence[Row], info: strawberry.Info) -> list[int]:
    raise ConnectionError("down")


@strawberry.type
class Number:
    is_type_of = shape_of(Row)

    name: str = computed(lambda row: f"n{row.number}")
    half: int | None = computed(lambda row: row.number // (row.number % 2 == 0))
    number: int
    square: int = together(squares)
    power: int | None = together(powers)
    lacking: int | None = together(too_few)
    broken: int | None = together(failing)


@strawberry.type
class Query:
    @strawberry.field
    def numbers(self, info: strawberry.Info) -> list[Number]:
        return ROWS  # type: ignore[return-value]  # shaped by Number


ROWS: list[Row] = []
schema = strawberry.Schema(Query, execution_context_class=execution.BatchedExecutor)


@pytest.fixture(autouse=True)
def rows() -> list[Row]:
    ROWS[:] = [Row(2), Row(13), Row(4)]
    return ROWS


async def result(query: str, context: Context | None = None) -> ExecutionResult:
    answer = execution.run(schema, parse(query), context=context or Context())
    return answer if isinstance(answer, ExecutionResult) else await answer


async def of_core(query: str) -> ExecutionResult:
    answer: Any = core_execute(schema._schema, parse(query), context_value=Context())
    return answer if isinstance(answer, ExecutionResult) else await answer


QUERIES = [
    "{ numbers { name number } }",
    "{ numbers { name half number } }",
    "{ numbers { square power } }",
    "{ numbers { name power(exponent: 2) cubes: power square } }",
    "{ numbers { broken number } }",
    "{ numbers { __typename name again: name } }",
]


@pytest.mark.parametrize("query", QUERIES)
async def test_answers_are_graphql_cores_the_first_time_and_from_what_was_kept(query: str) -> None:
    core = await of_core(query)
    document = parse(query)
    for _ in range(3):
        answer = execution.run(schema, document, context=Context())
        got = answer if isinstance(answer, ExecutionResult) else await answer
        assert got.data == core.data
        assert sorted(map(str, got.errors or ())) == sorted(map(str, core.errors or ()))
        assert sorted(error.path or [] for error in got.errors or ()) == sorted(
            error.path or [] for error in core.errors or ()
        )


async def test_a_level_is_resolved_by_one_call(rows: list[Row]) -> None:
    context = Context()
    await result("{ numbers { square power } }", context)
    assert sorted(context.calls) == [("powers", [2, 13, 4]), ("squares", [2, 13, 4])]


async def test_too_few_values_are_an_error_of_every_row() -> None:
    got = await result("{ numbers { lacking } }")
    assert got.data == {"numbers": [{"lacking": None}] * 3}
    assert [error.message for error in got.errors or ()] == ["1 values for 3 rows"] * 3


async def test_what_was_made_of_a_row_is_made_once(rows: list[Row]) -> None:
    document = parse("{ numbers { name number } }")
    first, second = [execution.run(schema, document, context=Context()) for _ in range(2)]
    assert isinstance(first, ExecutionResult)
    assert isinstance(second, ExecutionResult)
    assert first.data is not None
    assert second.data is not None
    assert [one is other for one, other in zip(first.data["numbers"], second.data["numbers"], strict=True)] == [
        True
    ] * 3


async def test_what_more_is_to_be_put_into_is_not_shared(rows: list[Row]) -> None:
    document = parse("{ numbers { name square } }")
    first, second = [execution.run(schema, document, context=Context()) for _ in range(2)]
    assert isinstance(first, ExecutionResult)
    assert isinstance(second, ExecutionResult)
    assert first.data == second.data
    assert first.data is not None
    assert second.data is not None
    assert first.data["numbers"][0] is not second.data["numbers"][0]


async def test_an_error_is_not_kept(rows: list[Row]) -> None:
    await result("{ numbers { half } }")
    assert [len(row.kept) for row in rows] == [1, 0, 1]


async def test_few_shapes_of_a_row_are_kept(rows: list[Row]) -> None:
    for number in range(3 * KEPT_MOST):
        await result(f"{{ numbers {{ a{number}: name }} }}")
    assert all(len(row.kept) <= KEPT_MOST for row in rows)
