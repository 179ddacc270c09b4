"""What one WebSocket may cost, and what very many at once may."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from websockets.frames import Frame, Opcode

from rules.errors import TooSlow
from server.outgoing import Outgoing
from server.pacing import Pace
from tests.server.conftest import edge_settings
from tests.server.talking import Talk, talking
from tests.server.toy import ServedToy, served_toy
from tests.world import web_client

TICKS = "subscription { ticks { cursor } }"


@pytest.fixture
async def impatient() -> AsyncIterator[ServedToy]:
    async with served_toy(edge_settings(send_within_s=0.3)) as running:
        yield running


async def test_a_frame_over_64_kib_is_closed_with_1009(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        await talk.subscribe("s", "{ hello } #" + "x" * 65_536)
        assert await talk.closed() == 1009


async def test_too_many_operations_on_a_socket_are_refused_with_an_error(live: ServedToy) -> None:
    async with talking(live.socket_address) as talk:
        for number in range(6):
            await talk.subscribe(f"s{number}", TICKS)
        heard = await talk.hear()
        assert (heard["id"], heard["type"]) == ("s5", "error")
        assert heard["payload"][0]["extensions"] == {"code": "TOO_COSTLY", "cost": 6, "limit": 5}
        await live.backend.tick(listeners=5)
        assert {(await talk.hear())["id"] for _ in range(5)} == {"s0", "s1", "s2", "s3", "s4"}


@pytest.mark.parametrize("kind", ["messages", "pings", "pongs", "empty fragments"])
async def test_a_flood_of_frames_is_closed_with_1008(kind: str) -> None:
    """A client that reads as it floods."""
    async with served_toy(edge_settings(socket_frames=100)) as toy, talking(toy.socket_address) as talk:
        for _ in range(150):
            await _flood(talk, kind)
        assert await talk.closed() == 1008


async def _flood(talk: Talk, kind: str) -> None:
    match kind:
        case "messages":
            talk.socket.transport.write(_masked(Opcode.TEXT, json.dumps({"type": "ping"}).encode()))
        case "pings":
            talk.socket.transport.write(_masked(Opcode.PING, b"x" * 125))
        case "pongs":
            talk.socket.transport.write(_masked(Opcode.PONG, b""))
        case "empty fragments":
            opcode = Opcode.CONT if getattr(talk, "began", False) else Opcode.TEXT
            talk.began = True  # type: ignore[attr-defined]
            talk.socket.transport.write(_masked(opcode, b"", fin=False))


def _masked(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


async def test_a_client_that_does_not_read_is_closed_with_1013_while_others_get_theirs(impatient: ServedToy) -> None:
    address = impatient.socket_address
    async with talking(address) as quick, talking(address) as slow:
        slow.socket.transport.pause_reading()
        await slow.subscribe("s", "subscription { large(size: 100000) }")
        await quick.subscribe("s", TICKS)
        while 'websockets_closed_total{code="1013"} 1.0' not in await _metrics(impatient):
            await impatient.backend.tick()
            assert (await quick.hear())["type"] == "next"
        slow.socket.transport.resume_reading()
        assert await slow.closed() == 1013


async def test_a_client_that_never_reads_again_is_let_go(impatient: ServedToy) -> None:
    async with talking(impatient.socket_address) as slow:
        slow.socket.transport.pause_reading()
        await slow.subscribe("s", "subscription { large(size: 100000) }")
        while impatient.server.server_state.connections:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.05)
        slow.socket.transport.abort()


async def _metrics(toy: ServedToy) -> str:
    async with web_client(base_url=toy.address) as client:
        return (await client.get("/metrics")).text


async def test_results_that_wait_are_bounded_in_bytes_but_one_may_have_any_size() -> None:
    reading, sent = asyncio.Event(), list[bytes]()

    async def write(message: bytes) -> None:
        await reading.wait()
        sent.append(message)

    outgoing = Outgoing(write, most_bytes=100, within_s=60)
    large = asyncio.create_task(outgoing.send(b"a" * 1_000))
    await asyncio.sleep(0)
    with pytest.raises(TooSlow):
        await outgoing.send(b"b")
    reading.set()
    await large
    await asyncio.gather(*(outgoing.send(b"%d" % number) for number in range(10)))
    assert sent[1:] == [b"%d" % number for number in range(10)]


async def test_a_pace_lets_the_loop_turn_between_the_few_that_it_lets_in() -> None:
    turns, entered = 0, list[int]()
    done = False

    async def turning() -> None:
        nonlocal turns
        while not done:
            turns += 1
            await asyncio.sleep(0)

    async def enter(pace: Pace) -> None:
        async with pace:
            entered.append(turns)

    pace, clock = Pace(4), asyncio.create_task(turning())
    await asyncio.gather(*(enter(pace) for _ in range(400)))
    done = True
    await clock
    assert max(entered.count(turn) for turn in entered) <= 4
    assert all(one <= next_one for one, next_one in pairwise(entered))


async def test_sockets_that_come_back_all_at_once_are_judged_a_few_at_a_time_and_all_let_in() -> None:
    async with served_toy(edge_settings(sign_ins_at_once=3)) as toy:

        async def come_back() -> str:
            async with talking(toy.socket_address) as talk:
                await talk.subscribe("s", "subscription { ticks(most: 1) { cursor } }")
                [cursor] = await talk.ticks(1)
                return cursor

        assert await asyncio.gather(*(come_back() for _ in range(100))) == ["1"] * 100
        assert toy.backend.judged_at_once <= 3
