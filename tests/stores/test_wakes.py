"""Wake-up calls through Redis."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack

import pytest

from settings import Settings
from stores.redis.connection import cancelled, connect
from stores.redis.wakes import Wakes
from tests.patience import PATIENCE_S


@pytest.fixture
async def wakes(settings: Settings) -> AsyncIterator[Wakes]:
    async with connect(settings.redis_url.get_secret_value(), timeout_s=PATIENCE_S) as redis:
        wakes = Wakes(redis, timeout_s=PATIENCE_S)
        tasks = [asyncio.create_task(run) for run in (wakes.run_sending(), wakes.run_listening())]
        yield wakes
        await cancelled(*tasks)


async def test_a_topic_rings_when_it_begins_to_be_heard_and_at_each_call(wakes: Wakes) -> None:
    rung: Counter[str] = Counter()
    with ExitStack() as stack:
        for topic in ("one", "other"):
            stack.enter_context(wakes.heard(topic, bell(rung, topic)))
        await until(lambda: rung == Counter(one=1, other=1))
        wakes.send({"one"})
        await until(lambda: rung["one"] == 2)
        wakes.send({"one", "other", "nobody's"})
        await until(lambda: rung == Counter(one=3, other=2))


async def test_all_who_listen_to_a_topic_are_rung_and_who_has_left_is_not(wakes: Wakes) -> None:
    rung: Counter[str] = Counter()
    with wakes.heard("topic", bell(rung, "first")):
        await until(lambda: rung["first"] == 1)
        with wakes.heard("topic", bell(rung, "second")):
            wakes.send({"topic"})
            await until(lambda: rung == Counter(first=2, second=1))
        wakes.send({"topic"})
        await until(lambda: rung["first"] == 3)
    with wakes.heard("topic", bell(rung, "third")):
        await until(lambda: rung == Counter(first=3, second=1, third=1))


async def test_calls_that_are_sent_faster_than_redis_takes_them_are_one(wakes: Wakes) -> None:
    rung: Counter[str] = Counter()
    with wakes.heard("topic", bell(rung, "topic")):
        await until(lambda: rung["topic"] == 1)
        for _ in range(1_000):
            wakes.send({"topic"})
        await until(lambda: rung["topic"] == 2)


async def test_whose_connection_is_cut_listens_again_and_rings_each_topic(wakes: Wakes, settings: Settings) -> None:
    rung: Counter[str] = Counter()
    with wakes.heard("one", bell(rung, "one")), wakes.heard("other", bell(rung, "other")):
        await until(lambda: rung == Counter(one=1, other=1))
        async with connect(settings.redis_url.get_secret_value(), timeout_s=PATIENCE_S) as redis:
            await redis.client_kill_filter(_type="pubsub")
        await until(lambda: rung["one"] >= 2 and rung["other"] >= 2)
        heard = rung["one"]
        wakes.send({"one"})
        await until(lambda: rung["one"] > heard)


def bell(rung: Counter[str], name: str) -> Callable[[], None]:
    def ring() -> None:
        rung[name] += 1

    return ring


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  # nobody sets an Event
            await asyncio.sleep(0.001)
