"""The clients that front-ends use: npm's `graphql-ws` and `graphql-sse`."""

import asyncio
import json

import pytest

from tests.patience import PATIENCE_S
from tests.server.node import needs_node, printed, running
from tests.server.toy import SESSION, ServedToy

pytestmark = [
    *needs_node("graphql-ws"),
    pytest.mark.parametrize("transport", ["ws", "sse"]),
]


async def test_operations_of_every_kind_and_their_errors(live: ServedToy, transport: str) -> None:
    expected = {
        "{ hello }": [{"data": {"hello": "Hello world"}}],
        "mutation { like }": [{"data": {"like": True}}],
        'subscription { greetings(names: ["ann", "ben"]) }': [
            {"data": {"greetings": "Hello ann"}},
            {"data": {"greetings": "Hello ben"}},
        ],
    }
    for query, results in expected.items():
        assert json.loads(await printed("ask.mjs", transport, live.address, query)) == {"results": results}
    told = json.loads(await printed("ask.mjs", transport, live.address, "{ nobody }"))
    errors = told["error"] if transport == "ws" else told["results"][0]["errors"]
    assert [error["extensions"] for error in errors] == [{"code": "BAD_REQUEST"}]


async def test_a_client_that_is_cut_off_resumes_after_the_last_event(live: ServedToy, transport: str) -> None:
    heard = []
    async with asyncio.timeout(PATIENCE_S), running("live.mjs", transport, live.address, "12") as printing:
        for number in range(1, 13):
            await live.backend.tick()
            heard.append((await printing.readline()).decode().strip())
            if number < 12:
                await cut_off(live, number)
        assert await printing.read() == b""
    assert heard == [str(number) for number in range(1, 13)]


async def cut_off(live: ServedToy, number: int) -> None:
    """In a different way each time; every fourth time not at all."""
    match number % 4:
        case 0:
            return
        case 1:  # the network breaks
            for connection in list(live.server.server_state.connections):
                connection.transport.abort()
        case 2:  # the server restarts
            live.server.connections.stop()
        case 3:  # the session ends, and the client comes with another
            live.backend.ended.add(SESSION)
    await live.backend.silence()
    live.backend.ended.clear()
