"""Generated operations give by batches what they give by graphql-core: the same data, the same errors."""

import gc
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from graphql import parse, validate
from strawberry import Schema

from rules.node_ids import encode
from schema.root import schema as photofeed
from tests.execution import memory, odd_schema
from tests.execution.comparing import by_batches, by_core, differences, errors_by_null
from tests.execution.generating import Generator, Operation
from tests.execution.odd_world import World

# graphql-core drops coroutines that it has cancelled before they began; `test_running` watches over ours.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
CHUNK = 500
ODD_CHUNKS, PHOTOFEED_CHUNKS = 14, 6
MOST_TIMED = 0.02
"""The share of operations whose errors below a null may depend on what finished first."""
LONG = 3
"""Times as many operations under the mark `long`."""
NODE_IDS = [encode(kind, id_) for kind in ("User", "Viewer", "Post", "Media", "Comment", "Hashtag") for id_ in range(3)]


def chunks(number: int) -> list[Any]:
    short = [pytest.param(chunk) for chunk in range(number)]
    return short + [pytest.param(chunk, marks=pytest.mark.long) for chunk in range(number, number * LONG)]


@pytest.fixture(autouse=True)
def _leftovers() -> Iterator[None]:
    yield
    gc.collect()


@pytest.mark.parametrize("chunk", chunks(ODD_CHUNKS))
async def test_operations_over_odd_types_give_the_same(chunk: int) -> None:
    timed = 0
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        chosen = random.Random(seed)
        kind = chosen.choice(["query"] * 8 + ["mutation"])
        world = partial(World, seed, chosen.choice([0.0, 0.0, 0.02, 0.1]), chosen.choice([0.0, 0.0, 0.05]))
        timed += not await assert_the_same(odd_schema.schema, seed, kind, partial(in_world, world), None)
    assert timed <= CHUNK * MOST_TIMED


def in_world(world: Callable[[], World]) -> odd_schema.Context:
    return odd_schema.Context(world())


@pytest.mark.parametrize("chunk", chunks(PHOTOFEED_CHUNKS))
async def test_operations_over_photofeed_give_the_same(chunk: int) -> None:
    timed = 0
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        outage = random.Random(seed).choice([0.0, 0.0, 0.05, 0.2])
        timed += not await assert_the_same(photofeed, seed, "query", partial(memory.context, outage), NODE_IDS)
    assert timed <= CHUNK * MOST_TIMED


async def assert_the_same(
    schema: Schema, seed: int, kind: str, context: Callable[[], Any], ids: list[str] | None
) -> bool:
    """Whether all errors are the same, too, that only timing explains."""
    operation = generated(schema, seed, kind, ids)
    document = parse(operation.text)
    if seed % 10 == 0:
        assert validate(schema._schema, document) == [], operation.text
    expected = await by_core(schema, document, operation.variables, context())
    given = await by_batches(schema, document, operation.variables, context())
    found = differences(expected, given)
    assert not found, f"{seed}: {operation.text} {operation.variables}\n{found}"
    return errors_by_null(expected) == errors_by_null(given)


def generated(schema: Schema, seed: int, kind: str, ids: list[str] | None) -> Operation:
    root: Any = schema._schema.mutation_type if kind == "mutation" else schema._schema.query_type
    return Generator(schema._schema, f"{kind} {seed}", ids).operation(kind, root)
