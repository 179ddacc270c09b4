"""What push services answer, and how: a device that is gone is dropped, one that could not be told is told later."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from jobs import running
from settings import Settings
from stores.postgres.tables import outbox, push_subscriptions
from tests.processes import another_process
from tests.push_receiver import Answer, Device, Receiver, receiving
from tests.pushes.devices import comment, device_of
from tests.world import World

HANGS = Answer(after_s=600)
SHORT_S = 0.5  # to wait for answers that never come


class Later(NamedTuple):
    job: str
    attempts: int
    due_in_s: float


async def later(world: World) -> list[Later]:
    """The jobs that tell single devices."""
    due_in_s = func.extract("epoch", outbox.c.due_at - func.now())
    statement = select(outbox.c.job, outbox.c.attempts, due_in_s).where(outbox.c.job.endswith("_again"))
    async with world.app.deps.database.read() as connection:
        return [Later(*found) for found in await connection.execute(statement)]


async def run_first(world: World) -> None:
    """Do what was announced, and what that announces; who could not be told is not told again."""
    while due := [job_id for job_id, job in await world.announced() if not job.endswith("_again")]:
        for job_id in due:
            await running.run(world.app.deps, job_id)


async def commented(world: World, receiver: Receiver, *answers: Answer) -> list[Device]:
    """Somebody's devices, of which each gets one of these answers first, after a comment that they are told of."""
    ana, ben = await world.person(), await world.person("ben")
    devices = [await device_of(world, receiver, ana, answer) for answer in answers]
    await comment(world, ben, await world.post(ana))
    await run_first(world)
    return devices


def times_told(receiver: Receiver, devices: list[Device]) -> list[int]:
    return [len(receiver.shown(device)) for device in devices]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_is_gone_is_dropped_and_the_others_are_told(
    pushing: World, receiver: Receiver, status: int
) -> None:
    devices = await commented(pushing, receiver, Answer(), Answer(status), Answer())
    await pushing.run_jobs()
    assert times_told(receiver, devices) == [1, 1, 1]
    assert await pushing.count(push_subscriptions) == 2


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
async def test_a_device_that_could_not_be_told_is_told_later_and_the_others_are_not_told_again(
    pushing: World, receiver: Receiver, status: int
) -> None:
    devices = await commented(pushing, receiver, Answer(), Answer(status), Answer())
    [again] = await later(pushing)
    assert again.due_in_s == pytest.approx(5, abs=4)
    await pushing.run_jobs()
    assert times_told(receiver, devices) == [1, 2, 1]
    assert await pushing.announced() == []


async def test_a_push_service_says_when_it_wants_to_be_asked_again(pushing: World, receiver: Receiver) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=900), usegmt=True)
    await commented(
        pushing,
        receiver,
        Answer(429, {"Retry-After": "300"}),
        Answer(503, {"Retry-After": date}),
        Answer(503, {"Retry-After": "soon"}),
    )
    waits = sorted(one.due_in_s for one in await later(pushing))
    assert waits == pytest.approx([5, 300, 900], abs=20)


async def test_a_push_service_that_says_it_again_is_heard_again(pushing: World, receiver: Receiver) -> None:
    [device] = await commented(pushing, receiver, Answer(503))
    receiver.answers[device.path] = [Answer(429, {"Retry-After": "700"})]
    [(job_id, _)] = await pushing.announced()
    await running.run(pushing.app.deps, job_id)
    [again] = await later(pushing)
    assert again.attempts == 1
    assert again.due_in_s == pytest.approx(700, abs=20)


async def test_what_a_push_service_never_takes_is_given_up(pushing: World, receiver: Receiver) -> None:
    [device] = await commented(pushing, receiver, Answer(500))
    receiver.answers[device.path] = [Answer(500)] * 100
    await pushing.run_jobs()
    assert times_told(receiver, [device]) == [11]
    assert await pushing.count(outbox) == 0
    assert await pushing.count(push_subscriptions) == 1


async def test_what_was_read_before_the_next_try_is_not_told(pushing: World, receiver: Receiver) -> None:
    [device] = await commented(pushing, receiver, Answer(500))
    await pushing.sql("update inboxes set read_place = last")
    await pushing.run_jobs()
    assert times_told(receiver, [device]) == [1]


async def test_a_follower_who_could_not_be_told_of_a_post_is_told_later(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    await pushing.follow(ben, ana)
    devices = [await device_of(pushing, receiver, ben, answer) for answer in (Answer(503), Answer(410), Answer())]
    await pushing.run_jobs()
    await pushing.post(ana)
    await pushing.run_jobs()
    assert times_told(receiver, devices) == [2, 1, 1]
    assert await pushing.count(push_subscriptions) == 2


async def test_who_unfollowed_before_the_next_try_is_not_told(pushing: World, receiver: Receiver) -> None:
    ana, ben = await pushing.person(), await pushing.person()
    await pushing.follow(ben, ana)
    device = await device_of(pushing, receiver, ben, Answer(503))
    await pushing.post(ana)
    await run_first(pushing)
    await pushing.unfollow(ben, ana)
    await pushing.run_jobs()
    assert times_told(receiver, [device]) == [1]


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_no_redirect_is_followed(pushing: World, receiver: Receiver, status: int) -> None:
    other = receiver.device()
    [device] = await commented(pushing, receiver, Answer(status, {"Location": other.endpoint}))
    await pushing.run_jobs()
    assert times_told(receiver, [device, other]) == [1, 0]


@pytest.mark.parametrize("status", [400, 401, 403, 413])
async def test_what_a_push_service_refuses_is_not_sent_again(pushing: World, receiver: Receiver, status: int) -> None:
    devices = await commented(pushing, receiver, Answer(status), Answer())
    await pushing.run_jobs()
    assert times_told(receiver, devices) == [1, 1]
    assert await pushing.count(push_subscriptions) == 2


async def test_one_signature_serves_many_messages(pushing: World, receiver: Receiver) -> None:
    await commented(pushing, receiver, Answer(), Answer(), Answer())
    assert len({received.headers["authorization"] for received in receiver.received}) == 1
    assert len({received.headers["topic"] for received in receiver.received}) == 3
    assert {received.headers["ttl"] for received in receiver.received} == {"86400"}


async def test_a_push_service_that_hangs_costs_its_own_devices_a_time_out_and_nobody_else(
    world: World, pushing_settings: Settings, receiver: Receiver
) -> None:
    async with receiving(receiver.public_key) as hanging:
        changes = {
            "push_timeout_s": SHORT_S,
            "pushes_at_once": 4,
            "pushes_at_once_per_service": 2,
            "breaker_failures": 3,
            "breaker_probe_s": 600,
            "push_private_origins": [receiver.origin, hanging.origin],
        }
        async with another_process(pushing_settings, **changes) as hasty:
            ana, ben = await hasty.person(), await hasty.person()
            stuck = [await device_of(hasty, hanging, ana, HANGS) for _ in range(5)]
            fine = [await device_of(hasty, receiver, ana) for _ in range(5)]
            await comment(hasty, ben, await hasty.post(ana))
            await run_first(hasty)
            assert len(await later(hasty)) == len(stuck)
    assert times_told(receiver, fine) == [1] * 5
    assert sum(times_told(hanging, stuck)) <= 4, "the breaker lets no more through"


async def test_no_more_is_sent_at_once_than_may_be(
    world: World, pushing_settings: Settings, receiver: Receiver
) -> None:
    async with another_process(pushing_settings, pushes_at_once_per_service=3) as process:
        devices = await commented(process, receiver, *[Answer(after_s=0.1)] * 10)
    assert times_told(receiver, devices) == [1] * 10
    assert receiver.most_at_once <= 3


async def test_devices_that_are_not_reached_in_time_are_told_later(
    world: World, pushing_settings: Settings, receiver: Receiver
) -> None:
    async with another_process(pushing_settings, job_timeout_s=2, pushes_at_once=1) as process:
        devices = await commented(process, receiver, *[Answer(after_s=0.7)] * 4)
        assert await later(process) != []
        await process.run_jobs()
        assert await process.announced() == []
    assert all(times >= 1 for times in times_told(receiver, devices))
