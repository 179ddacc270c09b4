"""Notes that are taken together, a moment after what they are about."""

import asyncio
from contextvars import ContextVar

import structlog

from server.afterwards import MOMENT_S, Afterwards
from tests.patience import PATIENCE_S

whose = ContextVar[str]("whose")


async def test_notes_are_taken_in_order_each_in_the_context_of_its_request() -> None:
    afterwards, taken, done = Afterwards(), list[str](), asyncio.Event()

    async def request(name: str) -> None:
        whose.set(name)
        afterwards.call(lambda: taken.append(whose.get()))

    for name in ("first", "second"):
        await asyncio.create_task(request(name))
    afterwards.call(done.set)
    assert taken == []
    await asyncio.wait_for(done.wait(), PATIENCE_S)
    assert taken == ["first", "second"]


async def test_a_note_that_fails_is_logged_and_stops_no_other() -> None:
    afterwards, taken = Afterwards(), list[str]()
    with structlog.testing.capture_logs() as logs:
        afterwards.call(lambda: taken.append(whose.get()))
        afterwards.call(lambda: taken.append("second"))
        afterwards.flush()
    assert taken == ["second"]
    assert [line["event"] for line in logs] == ["note_failed"]


async def test_none_is_taken_twice_and_none_is_forgotten_after_a_flush() -> None:
    afterwards, taken = Afterwards(), list[int]()
    afterwards.call(lambda: taken.append(1))
    afterwards.flush()
    afterwards.call(lambda: taken.append(2))
    await asyncio.sleep(3 * MOMENT_S)
    assert taken == [1, 2]
