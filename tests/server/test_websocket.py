"""Operations over graphql-transport-ws."""

import json

import pytest
import structlog
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode

from tests.server.talking import PROTOCOL, connected, talking
from tests.server.toy import CAUSE, ServedToy
from tests.world import web_client

TICKS = "subscription ($after: String, $most: Int) { ticks(after: $after, most: $most) { cursor } }"
TEN = [str(place) for place in range(1, 11)]


async def test_a_subscription_is_a_next_for_each_event_and_then_complete(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        assert talk.socket.subprotocol == PROTOCOL
        await talk.subscribe("s", 'subscription { hi: greetings(names: ["ann", "ben"]) }')
        assert [await talk.hear() for _ in range(3)] == [
            {"id": "s", "type": "next", "payload": {"data": {"hi": "Hello ann"}}},
            {"id": "s", "type": "next", "payload": {"data": {"hi": "Hello ben"}}},
            {"id": "s", "type": "complete"},
        ]


async def test_every_event_is_executed_in_a_context_of_its_own(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", "subscription { ticks(most: 3) { context again: context } }")
        events = [(await talk.hear())["payload"]["data"]["ticks"] for _ in range(3)]
    assert events == [{"context": number, "again": number} for number in (1, 2, 3)]
    assert len(live.backend.asked) == 2  # connection_init and subscribe: no event signs in again


async def test_events_come_when_they_happen(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", TICKS, after="41")
        for cursor in ("42", "43"):
            await live.backend.tick()
            assert await talk.ticks(1) == [cursor]


async def test_many_operations_share_a_socket(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("live", TICKS)
        await talk.subscribe("query", "{ hello }")
        assert await talk.hear() == {"id": "query", "type": "next", "payload": {"data": {"hello": "Hello world"}}}
        assert await talk.hear() == {"id": "query", "type": "complete"}
        await talk.subscribe("mutation", "mutation { like }")
        assert await talk.hear() == {"id": "mutation", "type": "next", "payload": {"data": {"like": True}}}
        assert await talk.hear() == {"id": "mutation", "type": "complete"}
        await live.backend.tick()
        assert (await talk.hear())["id"] == "live"


async def test_what_the_client_completes_stops_and_its_id_may_be_used_again(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", TICKS)
        await live.backend.tick()
        assert await talk.ticks(1) == ["1"]
        await talk.say(id="s", type="complete")
        await live.backend.silence()
        await talk.subscribe("s", "{ hello }")
        assert (await talk.hear())["payload"] == {"data": {"hello": "Hello world"}}


async def test_what_is_completed_before_it_began_says_nothing(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        for _ in range(20):
            asked = {"id": "s", "type": "subscribe", "payload": {"query": "{ hello }"}}
            frames = [json.dumps(asked), json.dumps({"id": "s", "type": "complete"})]
            packed = (Frame(Opcode.TEXT, frame.encode()).serialize(mask=True) for frame in frames)
            talk.socket.transport.write(b"".join(packed))
        await talk.say(type="ping")
        assert await talk.hear() == {"type": "pong"}


async def test_completing_what_does_not_run_does_nothing(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.say(id="nobody", type="complete")
        await talk.say(type="ping")
        assert await talk.hear() == {"type": "pong"}


async def test_subscriptions_end_with_their_socket(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", TICKS)
        await live.backend.tick()
    await live.backend.silence()


async def test_what_cannot_begin_is_an_error(live: ServedToy) -> None:
    invalid = {
        "{ nobody }": "BAD_REQUEST",
        "{ hello": "BAD_REQUEST",
        "subscription ($names: [String!]!) { greetings(names: $names) }": "BAD_REQUEST",
        "query ($first: Int!) { page(first: $first) }": "BAD_REQUEST",
        "{ " + "again { " * 30 + "hello" + " }" * 31: "TOO_COSTLY",
    }
    async with talking(live.socket_address) as talk:
        for query, code in invalid.items():
            await talk.subscribe("s", query)
            heard = await talk.hear()
            assert (heard["id"], heard["type"]) == ("s", "error")
            assert [error["extensions"]["code"] for error in heard["payload"]] == [code]


async def test_an_event_that_cannot_be_told_ends_the_subscription_before_its_cursor(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", "subscription { ticks(most: 9) { cursor unavailable } }")
        told = await talk.hear()
        assert (told["type"], told["payload"][0]["extensions"]["code"]) == ("error", "UNAVAILABLE")
        await live.backend.silence()


async def test_errors_in_execution_are_results_and_masked(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", "subscription { ticks(most: 1) { cursor broken } }")
        event = (await talk.hear())["payload"]
        assert event["data"] == {"ticks": {"cursor": "1", "broken": None}}
        assert event["errors"][0]["extensions"]["code"] == "INTERNAL"
        assert CAUSE not in str(event)
        assert await talk.hear() == {"id": "s", "type": "complete"}


async def test_a_subscription_that_breaks_off_ends_with_an_error(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", "subscription { now: refused }")
        assert (await talk.hear())["payload"] == {"data": {"now": "one"}}
        heard = await talk.hear()
        assert (heard["type"], heard["payload"][0]["path"]) == ("error", ["now"])
        assert heard["payload"][0]["extensions"] == {"code": "UNAVAILABLE", "retryAfterMs": 1_500}
        await talk.subscribe("s", "subscription { crash }")
        await talk.hear()
        heard = await talk.hear()
        assert heard["payload"][0]["extensions"]["code"] == "INTERNAL"
        assert CAUSE not in str(heard)


async def test_pings_are_answered_at_any_time_with_their_payload(live: ServedToy) -> None:
    async with connected(live.socket_address) as talk:
        await talk.say(type="ping")
        assert await talk.hear() == {"type": "pong"}
        await talk.say(type="connection_init")
        assert await talk.hear() == {"type": "connection_ack"}
        await talk.say(type="ping", payload={"n": 1})
        assert await talk.hear() == {"type": "pong", "payload": {"n": 1}}
        await talk.say(type="pong")
        await talk.say(type="ping")
        assert await talk.hear() == {"type": "pong"}


async def test_signing_in_over_a_socket_ignores_its_token(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", 'mutation { logIn(input: {login: "ann"}) }')
        assert (await talk.hear())["payload"] == {"data": {"logIn": "token of ann"}}
    assert [token for token, _, _ in live.backend.asked] == ["good", None]


async def test_metrics_count_sockets_subscriptions_and_events(live: ServedToy) -> None:
    async with web_client(base_url=live.address) as client:
        async with talking(live.socket_address) as talk:
            await talk.subscribe("s", TICKS)
            await live.backend.tick()
            await talk.ticks(1)
            running = (await client.get("/metrics")).text
        async with connected(live.socket_address) as talk:
            await talk.subscribe("too early", TICKS)
            assert await talk.closed() == 4401
        ended = (await client.get("/metrics")).text
    for line in (
        "websockets_open 1.0",
        'subscriptions_running{transport="websocket"} 1.0',
        'subscription_events_total{transport="websocket"} 1.0',
        'graphql_operations_total{outcome="ok",type="subscription"} 1.0',
    ):
        assert line in running
    for line in (
        "websockets_open 0.0",
        'subscriptions_running{transport="websocket"} 0.0',
        'websockets_closed_total{code="1000"} 1.0',
        'websockets_closed_total{code="4401"} 1.0',
    ):
        assert line in ended


async def test_a_socket_is_logged_at_its_end_with_its_code_or_the_status_of_its_refusal(live: ServedToy) -> None:
    with structlog.testing.capture_logs() as logs:
        async with connected(live.socket_address) as talk:
            await talk.subscribe("too early", TICKS)
            assert await talk.closed() == 4401
        with pytest.raises(InvalidStatus):
            async with connected(live.socket_address, origin="https://evil.test"):
                pass
    lines = [line for line in logs if line["event"] == "socket"]
    assert all(line.pop("seconds") >= 0 for line in lines)
    common = {"event": "socket", "log_level": "info", "path": "/graphql"}
    assert lines == [{**common, "code": 4401}, {**common, "status": 403}]
