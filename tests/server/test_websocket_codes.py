"""What the server closes a WebSocket for, and with which code."""

import json

import pytest
from websockets.exceptions import InvalidStatus

from tests.server.conftest import edge_settings
from tests.server.talking import connected, talking
from tests.server.toy import ServedToy, served_toy


async def test_an_unknown_subprotocol_is_closed_with_4406(live: ServedToy) -> None:
    for subprotocols in (["graphql-ws"], None):
        async with connected(live.socket_address, subprotocols=subprotocols) as talk:
            assert await talk.closed() == 4406


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
async def test_a_page_of_a_foreign_site_is_refused_before_the_upgrade(live: ServedToy, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connected(live.socket_address, origin=origin):
            pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body)["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
    assert live.backend.asked == []


async def test_our_own_and_listed_pages_and_programs_are_let_in(live: ServedToy) -> None:
    for origin in (live.address, "https://app.photofeed.test", None):
        async with talking(live.socket_address, origin=origin):
            pass


async def test_subscribing_before_connection_init_is_closed_with_4401(live: ServedToy) -> None:
    async with connected(live.socket_address) as talk:
        await talk.subscribe("s", "{ hello }")
        assert await talk.closed() == 4401


async def test_no_connection_init_in_time_is_closed_with_4408() -> None:
    async with served_toy(edge_settings(socket_init_s=0.5)) as hasty, connected(hasty.socket_address) as talk:
        await talk.say(type="ping")
        assert await talk.closed() == 4408


async def test_an_id_in_use_is_closed_with_4409(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        for _ in range(2):
            await talk.subscribe("s", "subscription { ticks { cursor } }")
        assert await talk.closed() == 4409


async def test_a_second_connection_init_is_closed_with_4429(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.say(type="connection_init")
        assert await talk.closed() == 4429


BAD_FRAMES = {
    "an array": "[]",
    "a number": "5",
    "null": "null",
    "nothing": "",
    "not JSON": "{",
    "nested 20,000 deep": "[" * 20_000 + "]" * 20_000,
    "a lone surrogate": r'{"type": "ping", "payload": {"a": "\ud800"}}',
    "U+0000": r'{"type": "ping", "payload": {"a": "\u0000"}}',
    "binary": b'{"type": "ping"}',
    "no type": "{}",
    "an unknown type": '{"type": "start"}',
    "a type that is no string": '{"type": ["ping"]}',
    "what only servers say": '{"type": "connection_ack"}',
    "a payload that is no object": '{"type": "ping", "payload": [1]}',
    "no id": '{"type": "subscribe", "payload": {"query": "{ hello }"}}',
    "an empty id": '{"type": "subscribe", "id": "", "payload": {"query": "{ hello }"}}',
    "an id that is a number": '{"type": "subscribe", "id": 1, "payload": {"query": "{ hello }"}}',
    "a long id": '{"type": "subscribe", "id": "%s", "payload": {"query": "{ hello }"}}' % ("i" * 129),
    "no payload": '{"type": "subscribe", "id": "s"}',
    "no query": '{"type": "subscribe", "id": "s", "payload": {}}',
    "variables that are a list": '{"type": "subscribe", "id": "s", "payload": {"query": "{ hello }", "variables": []}}',
    "completing nothing": '{"type": "complete"}',
}


@pytest.mark.parametrize("frame", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
async def test_what_is_no_message_is_closed_with_4400(live: ServedToy, frame: str | bytes) -> None:
    async with talking(live.socket_address) as talk:
        await talk.socket.send(frame)
        assert await talk.closed() == 4400


@pytest.mark.parametrize("frame", ["[]", "5", "{", b"{}", '{"type": "connection_init", "payload": 5}'])
async def test_so_is_a_bad_first_one(live: ServedToy, frame: str | bytes) -> None:
    async with connected(live.socket_address) as talk:
        await talk.socket.send(frame)
        assert await talk.closed() == 4400


@pytest.mark.parametrize("authorization", ["Bearer bad", "Bearer", "Basic YW5uOnNlY3JldA==", "good", 5, {}])
async def test_a_bad_token_is_closed_with_4403(live: ServedToy, authorization: object) -> None:
    async with connected(live.socket_address) as talk:
        await talk.say(type="connection_init", payload={"authorization": authorization})
        assert await talk.closed() == 4403


async def test_overload_at_connection_init_is_closed_with_1013_to_try_again(live: ServedToy) -> None:
    async with connected(live.socket_address) as talk:
        await talk.say(type="connection_init", payload={"authorization": "Bearer overload"})
        assert await talk.closed() == 1013


async def test_a_bug_at_connection_init_is_closed_with_4500(live: ServedToy) -> None:
    async with connected(live.socket_address) as talk:
        await talk.say(type="connection_init", payload={"authorization": "Bearer bug"})
        assert await talk.closed() == 4500


async def test_without_a_token_the_socket_is_signed_out(live: ServedToy) -> None:
    async with talking(live.socket_address, token=None) as talk:
        await talk.subscribe("s", "{ hello }")
        assert (await talk.hear())["type"] == "next"
    assert [token for token, _, _ in live.backend.asked] == [None, None]


async def test_a_token_that_expires_closes_its_socket_with_4403() -> None:
    async with served_toy(edge_settings()) as toy:
        toy.backend.token_s = 1.5
        async with talking(toy.socket_address) as talk:
            await talk.subscribe("s", "subscription { ticks { cursor } }")
            await toy.backend.tick()
            assert await talk.ticks(1) == ["1"]
            assert await talk.closed() == 4403
        await toy.backend.silence()


async def test_a_session_that_ends_closes_its_sockets_with_4403(live: ServedToy) -> None:
    async with (
        talking(live.socket_address) as talk,
        talking(live.socket_address) as other,
        talking(live.socket_address, token=None) as signed_out,
    ):
        await talk.subscribe("s", "subscription { ticks { cursor } }")
        live.backend.ended.add(7)
        assert await talk.closed() == 4403
        assert await other.closed() == 4403
        await signed_out.say(type="ping")
        assert await signed_out.hear() == {"type": "pong"}


async def test_an_operation_after_the_end_of_the_session_closes_the_socket_at_once() -> None:
    async with served_toy(edge_settings(session_check_s=3_600)) as toy, talking(toy.socket_address) as talk:
        toy.backend.ended.add(7)
        await talk.subscribe("s", "mutation { like }")
        assert await talk.closed() == 4403


async def test_a_server_that_stops_closes_its_sockets_with_1012() -> None:
    async with served_toy(edge_settings()) as toy, talking(toy.socket_address) as talk:
        await talk.subscribe("s", "subscription { ticks { cursor } }")
        await toy.backend.tick()
        toy.server.should_exit = True
        assert await talk.closed() == 1012
