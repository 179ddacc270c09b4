"""Execution alone, by batches and by graphql-core: the same documents, resolvers and loaders, everything in memory.

python -m bench.executor [--seconds N]
"""

import asyncio
import gc
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from statistics import median
from time import process_time

import orjson
import uvloop
from graphql import DocumentNode, ExecutionResult, execute, parse
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

import execution
from bench.shapes import Shape, shapes
from bench.tables import show

FEWEST = 5
"""Turns of each engine at each shape, at least."""
TURN_S = 0.02
"""CPU time of a turn, at least."""

Engine = Callable[[Shape, DocumentNode], ExecutionResult | Awaitable[ExecutionResult]]


def by_core(shape: Shape, document: DocumentNode) -> ExecutionResult | Awaitable[ExecutionResult]:
    return execute(
        shape.schema._schema,
        document,
        context_value=shape.context(),
        variable_values=shape.variables,
        executor_class=StrawberryGraphQLCoreExecutionContext,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # a TypeGuard in all but its annotation
    )


def by_batches(shape: Shape, document: DocumentNode) -> ExecutionResult | Awaitable[ExecutionResult]:
    return execution.run(shape.schema, document, variables=shape.variables, context=shape.context())


async def main(seconds: float) -> None:
    measured = [(shape.name, *await compared(shape, seconds)) for shape in shapes()]
    show(
        "CPU for one execution, medians",
        ["", "graphql-core", "by batches", "times as fast"],
        [[name, micros(core), micros(batches), f"{core / batches:.1f}"] for name, core, batches in measured],
    )
    slowest = min(core / batches for _, core, batches in measured)
    print(f"The feed page: {measured[0][1] / measured[0][2]:.1f} times as fast; at the least {slowest:.1f} times.")


async def compared(shape: Shape, seconds: float) -> tuple[float, float]:
    """Medians of both engines, which take turns, for as many seconds; once it is clear that they agree."""
    document = parse(shape.query)
    engines: Sequence[Engine] = by_core, by_batches
    answers = [answer(await result_of(engine, shape, document)) for engine in engines]
    assert answers[0] == answers[1], shape.name
    gc.collect()
    gc.freeze()  # as a server does once it has started: what is there for good is not looked through again
    times: list[list[float]] = [[], []]
    until = process_time() + seconds
    while len(times[0]) < FEWEST or process_time() < until:
        for engine, took in zip(engines, times, strict=True):
            took.append(await turn(engine, shape, document))
    return median(times[0]), median(times[1])


async def turn(engine: Engine, shape: Shape, document: DocumentNode) -> float:
    """The mean of executions one after another, as on a server; neither engine pays for the other's garbage."""
    gc.collect()
    executions, began = 0, process_time()
    while (took := process_time() - began) < TURN_S:
        await result_of(engine, shape, document)
        executions += 1
    return took / executions


async def result_of(engine: Engine, shape: Shape, document: DocumentNode) -> ExecutionResult:
    result = engine(shape, document)
    return await result if isawaitable(result) else result


def answer(result: ExecutionResult) -> tuple[bytes, list[str]]:
    return orjson.dumps(result.data), sorted(str(error) for error in result.errors or ())


def micros(seconds: float) -> str:
    return f"{1e6 * seconds:,.0f} us"


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.executor", description=__doc__)
    options.add_argument("--seconds", type=float, default=3, help="of CPU for each shape")
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(main(**vars(options.parse_args())))
