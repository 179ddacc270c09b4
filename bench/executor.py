"""Execution alone, by batches and by graphql-core: the same documents, resolvers and loaders, everything in memory.

python -m bench.executor [--seconds N]
Takes 3 minutes at most.
"""

import asyncio
import gc
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import isawaitable
from time import process_time

import orjson
import uvloop
from graphql import DocumentNode, ExecutionResult, execute, parse
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

import execution
from bench import figures
from bench.pairs import ENGINES, Pairs
from bench.shapes import Shape, shapes
from bench.tables import at_least, show

FEWEST = 5
"""Turns of each engine at each shape, at least."""
TURN_S = 0.02
"""CPU time of a turn, at least."""
FEED_PAGE, NEVER_SLOWER = 15, 1
"""Times as fast as graphql-core that the feed page and any shape are to be, at least."""

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
    measured = {shape.name: await compared(shape, seconds) for shape in shapes()}
    show(
        "CPU for one execution in us, medians, and least to most",
        ["", "graphql-core", "", "by batches", "", "times as fast"],
        [[name, *pairs.shown()] for name, pairs in measured.items()],
    )
    for line in verdicts({name: pairs.ratio for name, pairs in measured.items()}):
        print(line)
    rows = [{"shape": name} | pairs.row(*ENGINES) for name, pairs in measured.items()]
    figures.write("executor", rows, seconds=seconds)


def verdicts(times: Mapping[str, float]) -> list[str]:
    """What is asked of the executor: by shape, how many times as fast it is, the feed page first."""
    feed_page, least = next(iter(times)), min(times, key=times.__getitem__)
    return [
        at_least(f"{feed_page}, {times[feed_page]:.1f} times as fast", times[feed_page], FEED_PAGE),
        at_least(f"{least}, which gains the least, {times[least]:.2f} times", times[least], NEVER_SLOWER),
    ]


async def compared(shape: Shape, seconds: float) -> Pairs:
    """CPU of both engines in us, which take turns, for as many seconds; once it is clear that they agree."""
    document = parse(shape.query)
    engines: Sequence[Engine] = by_core, by_batches
    answers = [answer(await result_of(engine, shape, document)) for engine in engines]
    assert answers[0] == answers[1], shape.name
    gc.collect()
    gc.freeze()  # as a server does once it has started: what is there for good is not looked through again
    rounds: list[tuple[float, float]] = []
    until = process_time() + seconds
    while len(rounds) < FEWEST or process_time() < until:
        core, batches = [1e6 * await turn(engine, shape, document) for engine in engines]
        rounds.append((core, batches))
    return Pairs(rounds)


async def turn(engine: Engine, shape: Shape, document: DocumentNode) -> float:
    """The mean seconds of executions one after another, as on a server; neither engine pays for the other's garbage."""
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


if __name__ == "__main__":
    options = ArgumentParser(prog="python -m bench.executor", description=__doc__)
    options.add_argument("--seconds", type=float, default=3, help="of CPU for each shape")
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(main(**vars(options.parse_args())))
