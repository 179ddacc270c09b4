"""What a page of the home feed costs: at the service, and over the API."""

import random
from collections.abc import Sequence
from time import process_time

from bench.clients import answers, connected, request
from bench.feed.asking import PAGE, QUERY
from bench.growth.worlds import Readers, World
from bench.processes import Api
from bench.turns import in_turns
from bench.usage import cpus_s, used_s
from services import feed
from stores.postgres.pages import TOP

PAGES = 1_000  # of a turn
IN_FLIGHT = 16
CURSOR = b'"cursor":'

Cost = dict[str, float]
"""CPU for a page, in us: of the process that asks the service; of the API's, of Postgres for it, and of both."""


async def measured(served: Sequence[tuple[Readers, Api]], rounds: int) -> dict[str, list[Cost]]:
    """By the readers' name. Chance chooses who of them reads."""
    chance = random.Random(1)
    found: dict[str, list[Cost]] = {readers.name: [] for readers, _ in served}
    for readers, api in served:
        await cost(readers, api, range(len(readers.ids)))  # the first time, all is cold
    for readers, api in in_turns(served, rounds):
        numbers = chance.choices(range(len(readers.ids)), k=PAGES)
        found[readers.name].append(await cost(readers, api, numbers))
    return found


async def cost(readers: Readers, api: Api, numbers: Sequence[int]) -> Cost:
    """Of a page for each of these."""
    at_service = await _at_the_service(readers.world, [readers.ids[number] for number in numbers])
    return at_service | await _over_the_api(readers.world, api, [readers.tokens[number] for number in numbers])


async def _at_the_service(world: World, reader_ids: Sequence[int]) -> Cost:
    before = process_time()
    for reader_id in reader_ids:
        await feed.home(world.bench.app.deps, reader_id, below=TOP, most=PAGE)
    return {"service": 1e6 * (process_time() - before) / len(reader_ids)}


async def _over_the_api(world: World, api: Api, tokens: Sequence[str]) -> Cost:
    requests = [request(token, QUERY, {"first": PAGE}) for token in tokens]
    pids = (api.pid, world.bench.servers.postgres.pid)
    async with connected(api.port, IN_FLIGHT) as connections:
        before = cpus_s(pids)
        found = await answers(connections, requests)
        api_s, postgres_s = used_s(pids, before)
    for answer in found:
        assert answer.count(CURSOR) == PAGE, answer
    of = {"api": api_s, "postgres": postgres_s, "both": api_s + postgres_s}
    return {name: 1e6 * cpu_s / len(tokens) for name, cpu_s in of.items()}
