"""Operations as server-sent events, in distinct connections."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.server.conftest import edge_settings
from tests.server.toy import CAUSE, ServedToy, Toy, served_toy
from tests.world import web_client

EVENTS = {"accept": "text/event-stream"}
TICKS = "subscription ($after: String, $most: Int) { ticks(after: $after, most: $most) { cursor } }"
COMPLETE = ["event: complete", "data:"]


@asynccontextmanager
async def streaming(toy: ServedToy, query: str, **headers: str) -> AsyncIterator[tuple[httpx2.Response, "Blocks"]]:
    async with web_client(base_url=toy.address) as client:
        headers = {**EVENTS, "authorization": "Bearer good", **headers}
        async with client.stream("POST", "/graphql", json={"query": query}, headers=headers) as reply:
            yield reply, Blocks(reply.aiter_lines())


class Blocks:
    """The events of a stream, each as its lines; comments are left out unless asked for."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self, *, comments: bool = False) -> list[str]:
        """Empty at the end of the stream."""
        block: list[str] = []
        async for line in self._lines:
            if line == "" and block:
                return block
            if line and (comments or not line.startswith(":")):
                block.append(line)
        return block

    async def rest(self) -> list[list[str]]:
        found = []
        while block := await self.next():
            found.append(block)
        return found


async def asked(edge: Toy, query: str, **headers: str) -> httpx2.Response:
    return await edge.client.post("/graphql", json={"query": query}, headers={**EVENTS, **headers})


async def test_a_subscription_is_a_next_for_each_event_with_its_cursor_as_id_and_then_complete(edge: Toy) -> None:
    reply = await asked(edge, "subscription { ticks(most: 2) { cursor context } }")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert (reply.headers["cache-control"], reply.headers["x-accel-buffering"]) == ("no-store", "no")
    assert reply.text == (
        'event: next\nid: 1\ndata: {"data":{"ticks":{"cursor":"1","context":1}}}\n\n'
        'event: next\nid: 2\ndata: {"data":{"ticks":{"cursor":"2","context":2}}}\n\n'
        "event: complete\ndata:\n\n"
    )


async def test_events_without_a_cursor_have_no_id(edge: Toy) -> None:
    reply = await asked(edge, 'subscription { greetings(names: ["ann"]) }')
    assert reply.text == 'event: next\ndata: {"data":{"greetings":"Hello ann"}}\n\nevent: complete\ndata:\n\n'


@pytest.mark.parametrize("query", ["{ hello }", 'mutation { logIn(input: {login: "ann"}) }'])
async def test_queries_and_mutations_are_one_next_and_complete(edge: Toy, query: str) -> None:
    first, second, end = (await asked(edge, query)).text.split("\n\n")
    assert first.startswith('event: next\ndata: {"data":')
    assert (second.split("\n"), end) == (COMPLETE, "")


async def test_a_subscription_may_be_asked_for_by_get(edge: Toy) -> None:
    query = "subscription { ticks(most: 1) { cursor } }"
    reply = await edge.client.get("/graphql", params={"query": query}, headers=EVENTS)
    assert reply.text.startswith("event: next\nid: 1\n")


async def test_a_mutation_may_not(edge: Toy) -> None:
    reply = await edge.client.get("/graphql", params={"query": "mutation { like }"}, headers=EVENTS)
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


async def test_a_subscription_needs_a_client_that_names_event_streams(edge: Toy) -> None:
    for accept in ("application/json", "*/*", "text/*, */*;q=0.1", "text/event-stream;q=0, */*"):
        reply = await asked(edge, TICKS, accept=accept)
        assert (reply.status_code, reply.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


async def test_a_client_that_takes_both_gets_json_for_what_is_one_answer(edge: Toy) -> None:
    accept = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"
    assert (await asked(edge, "{ hello }", accept=accept)).json() == {"data": {"hello": "Hello world"}}
    reply = await asked(edge, "subscription { ticks(most: 1) { cursor } }", accept=accept)
    assert reply.headers["content-type"].startswith("text/event-stream")


async def test_last_event_id_overrides_after(edge: Toy) -> None:
    reply = await asked(edge, 'subscription { ticks(after: "3", most: 9) { cursor } }', **{"last-event-id": "8"})
    assert [line for line in reply.text.split("\n") if line.startswith("id:")] == ["id: 9"]


@pytest.mark.parametrize("query", ["{ nobody }", "subscription { nobody }", "query ($n: Int!) { page(first: $n) }"])
async def test_an_invalid_operation_is_told_in_an_accepted_stream(edge: Toy, query: str) -> None:
    reply = await asked(edge, query)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    first, second, _ = reply.text.split("\n\n")
    told = json.loads(first.removeprefix("event: next\ndata: "))
    assert [error["extensions"] for error in told["errors"]] == [{"code": "BAD_REQUEST"}]
    assert second.split("\n") == COMPLETE


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"authorization": "Bearer bad"}, 401, "UNAUTHENTICATED"),
        ({"authorization": "Bearer overload"}, 503, "UNAVAILABLE"),
        ({"authorization": "Bearer bug"}, 500, "INTERNAL"),
        ({"origin": "https://evil.test"}, 403, "BAD_REQUEST"),
        ({"content-type": "text/plain"}, 415, "BAD_REQUEST"),
    ],
)
async def test_what_is_refused_before_has_the_status_that_http_has_for_it(
    edge: Toy, headers: dict[str, str], status: int, code: str
) -> None:
    reply = await asked(edge, TICKS, **headers)
    assert (reply.status_code, reply.json()["errors"][0]["extensions"]["code"]) == (status, code)


async def test_a_subscription_that_breaks_off_ends_with_its_error(edge: Toy) -> None:
    for field, code in {"refused": "UNAVAILABLE", "crash": "INTERNAL"}.items():
        _, broken, end, _ = (await asked(edge, f"subscription {{ {field} }}")).text.split("\n\n")
        told = json.loads(broken.removeprefix("event: next\ndata: "))
        assert (told["errors"][0]["extensions"]["code"], told["errors"][0]["path"]) == (code, [field])
        assert CAUSE not in broken
        assert end.split("\n") == COMPLETE


async def test_events_come_when_they_happen_and_comments_meanwhile(live: ServedToy) -> None:
    async with streaming(live, TICKS) as (_, blocks):
        assert await blocks.next(comments=True) == [":"]
        for cursor in ("1", "2"):
            await live.backend.tick()
            assert (await blocks.next())[:2] == ["event: next", f"id: {cursor}"]


async def test_a_client_that_leaves_ends_its_subscription(live: ServedToy) -> None:
    async with streaming(live, TICKS) as (_, blocks):
        await live.backend.tick()
        await blocks.next()
    await live.backend.silence()


async def test_a_token_that_expires_ends_the_stream_with_unauthenticated() -> None:
    async with served_toy(edge_settings()) as toy:
        toy.backend.token_s = 0.3
        async with streaming(toy, TICKS) as (_, blocks):
            (kind, data), end = await blocks.rest()
    assert kind == "event: next"
    assert json.loads(data.removeprefix("data: "))["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert end == COMPLETE


async def test_so_does_a_session_that_ends(live: ServedToy) -> None:
    async with streaming(live, TICKS) as (_, blocks):
        await live.backend.tick()
        await blocks.next()
        live.backend.ended.add(7)
        told, end = await blocks.rest()
    assert "UNAUTHENTICATED" in told[1]
    assert end == COMPLETE
    await live.backend.silence()


async def test_a_server_that_stops_ends_its_streams_without_complete() -> None:
    async with served_toy(edge_settings()) as toy, streaming(toy, TICKS) as (_, blocks):
        await toy.backend.tick()
        await blocks.next()
        toy.server.should_exit = True
        assert await blocks.rest() == []


async def test_metrics_count_streams_and_leave_out_their_length(live: ServedToy) -> None:
    async with web_client(base_url=live.address) as client:
        async with streaming(live, TICKS) as (_, blocks):
            await live.backend.tick()
            await blocks.next()
            running = (await client.get("/metrics")).text
        await live.backend.silence()
        ended = (await client.get("/metrics")).text
    assert 'subscriptions_running{transport="sse"} 1.0' in running
    assert 'subscription_events_total{transport="sse"} 1.0' in running
    assert 'graphql_operations_total{outcome="ok",type="subscription"} 1.0' in running
    assert 'subscriptions_running{transport="sse"} 0.0' in ended
    assert 'http_request_seconds_count{route="/graphql"}' not in ended


async def test_a_client_that_never_reads_is_let_go() -> None:
    body = json.dumps({"query": "subscription { large(size: 100000) }"})
    head = f"POST /graphql HTTP/1.1\r\nHost: toy\r\nAccept: text/event-stream\r\nContent-Length: {len(body)}\r\n"
    async with served_toy(edge_settings(send_within_s=0.3, stalled_s=1)) as toy:
        _, writer = await asyncio.open_connection("127.0.0.1", urlsplit(toy.address).port, limit=1_024)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # it is a transport that reads, too
        writer.write(f"{head}Content-Type: application/json\r\n\r\n{body}".encode())
        while not toy.backend.asked or toy.server.server_state.connections:  # noqa: ASYNC110  # nothing to wait for
            await asyncio.sleep(0.05)
        writer.transport.abort()
