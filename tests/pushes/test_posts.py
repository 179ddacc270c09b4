"""Followers' devices are told of a new post: chunk by chunk, each follower once, not of what is seen meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import select

from jobs import running
from jobs.push_post import push_post
from services.events import PostPublished
from settings import Settings
from stores.postgres.tables import outbox, push_fan_outs
from tests.processes import another_process
from tests.push_receiver import Device, Receiver
from tests.pushes.devices import device_of, run_but_pushes
from tests.world import Person, World, row_id

SEEN = "mutation { markFeedSeen(input: {}) { userErrors { code field message } } }"
READ = "mutation { markNotificationsRead(input: {}) { userErrors { code field message } } }"
CHUNK = 2


@pytest.fixture
async def chunky(world: World, pushing_settings: Settings) -> AsyncIterator[World]:
    """A Photofeed whose jobs tell the devices of two followers."""
    async with another_process(pushing_settings, push_chunk=CHUNK) as process:
        yield process


async def followers(world: World, receiver: Receiver, author: Person, number: int) -> list[Device]:
    """So many new people who follow, in this order, each with a device."""
    devices = []
    for _ in range(number):
        follower = await world.person()
        await world.follow(follower, author)
        devices.append(await device_of(world, receiver, follower))
    return devices


def times_told(receiver: Receiver, devices: Sequence[Device]) -> list[int]:
    return [sum(shown["kind"] == "NEW_POST" for shown in receiver.shown(device)) for device in devices]


async def chunks_waiting(world: World) -> list[int]:
    """The ids of the jobs `push_post`, in their order."""
    return [job_id for job_id, job in await world.announced() if job == "push_post"]


async def arguments(world: World, job_id: int) -> dict[str, int]:
    async with world.app.deps.database.read() as connection:
        found = await connection.execute(select(outbox.c.arguments).where(outbox.c.id == job_id))
        given: dict[str, int] = found.scalar_one()
        return given


async def test_a_new_post_is_shown_to_each_follower(pushing: World, receiver: Receiver) -> None:
    ana = await pushing.person("ana")
    own = await device_of(pushing, receiver, ana)
    stranger = await device_of(pushing, receiver, await pushing.person())
    devices = await followers(pushing, receiver, ana, 3)
    post_id = await pushing.post(ana)
    await pushing.run_jobs()
    for device in devices:
        [shown] = receiver.shown(device)
        assert shown.pop("tag")
        assert shown == {
            "kind": "NEW_POST",
            "title": "New post",
            "body": "ana shared a new post",
            "postId": post_id,
            "userId": ana.id,
        }
    assert times_told(receiver, [own, stranger]) == [0, 0]


async def test_a_later_post_of_the_day_takes_the_place_of_the_one_before(pushing: World, receiver: Receiver) -> None:
    ana = await pushing.person()
    [device] = await followers(pushing, receiver, ana, 1)
    for _ in range(2):
        await pushing.post(ana)
        await pushing.run_jobs()
    first, second = receiver.shown(device)
    assert first["postId"] != second["postId"]
    assert first["tag"] == second["tag"]


async def test_every_follower_is_told_once_whatever_the_chunks(chunky: World, receiver: Receiver) -> None:
    ana = await chunky.person()
    devices = await followers(chunky, receiver, ana, 5)
    await followers(chunky, receiver, await chunky.person(), 1)
    await chunky.post(ana)
    await chunky.run_jobs()
    assert times_told(receiver, devices) == [1] * 5
    assert await chunky.announced() == []


async def test_a_chunk_is_announced_before_the_one_before_it_is_told(chunky: World, receiver: Receiver) -> None:
    ana = await chunky.person()
    devices = await followers(chunky, receiver, ana, 5)
    await chunky.post(ana)
    await run_but_pushes(chunky)
    told = []
    while waiting := await chunks_waiting(chunky):
        assert len(waiting) == 1
        await running.run(chunky.app.deps, waiting[0])
        told.append(sum(times_told(receiver, devices)))
    assert told == [0, 2, 4, 5]


async def test_a_chunk_that_is_told_twice_repeats_no_other(chunky: World, receiver: Receiver) -> None:
    ana = await chunky.person()
    devices = await followers(chunky, receiver, ana, 6)
    await chunky.post(ana)
    await run_but_pushes(chunky)
    [first] = await chunks_waiting(chunky)
    await running.run(chunky.app.deps, first)
    [second] = await chunks_waiting(chunky)
    given = await arguments(chunky, second)
    await push_post(chunky.app.deps, **given)  # and its worker dies before it can say so
    await chunky.run_jobs()
    await push_post(chunky.app.deps, post_id=given["post_id"])  # late
    assert await chunky.announced() == []
    assert times_told(receiver, devices) == [2, 2, 1, 1, 1, 1]


async def test_a_chunk_told_by_several_workers_at_once_is_followed_by_one(chunky: World, receiver: Receiver) -> None:
    ana = await chunky.person()
    devices = await followers(chunky, receiver, ana, 4)
    await chunky.post(ana)
    await run_but_pushes(chunky)
    while waiting := await chunks_waiting(chunky):
        assert len(waiting) == 1
        await asyncio.gather(*(running.run(chunky.app.deps, waiting[0]) for _ in range(3)))
    assert all(1 <= times <= 3 for times in times_told(receiver, devices))


async def test_who_unfollowed_has_seen_or_has_read_of_it_is_not_told(pushing: World, receiver: Receiver) -> None:
    ana, *people = [await pushing.person() for _ in range(5)]
    devices = []
    for person in people:
        await pushing.follow(person, ana)
        devices.append(await device_of(pushing, receiver, person))
    await pushing.post(ana)
    await run_but_pushes(pushing)
    gone, saw, read, _ = people
    await pushing.unfollow(gone, ana)
    await pushing.do(saw, SEEN)
    await pushing.do(read, READ)
    await pushing.run_jobs()
    assert times_told(receiver, devices) == [0, 0, 0, 1]


async def test_a_deleted_post_is_not_told(pushing: World, receiver: Receiver) -> None:
    ana = await pushing.person()
    devices = await followers(pushing, receiver, ana, 2)
    await pushing.delete(ana, await pushing.post(ana))
    await pushing.run_jobs()
    assert times_told(receiver, devices) == [0, 0]


async def test_a_post_older_than_a_push_service_would_keep_it_is_not_told(pushing: World, receiver: Receiver) -> None:
    ana = await pushing.person()
    devices = await followers(pushing, receiver, ana, 2)
    post_id = await pushing.post(ana)
    await pushing.sql("update posts set published_at = published_at - interval '1 day'")
    await pushing.run_jobs()
    async with pushing.app.deps.database.unit_of_work() as uow:
        await uow.announce(PostPublished(row_id(post_id)))
    await pushing.run_jobs()
    assert times_told(receiver, devices) == [0, 0]
    assert await pushing.count(push_fan_outs) == 0


async def test_where_posts_are_quiet_nobody_is_told(
    world: World, pushing_settings: Settings, receiver: Receiver
) -> None:
    async with another_process(pushing_settings, push_kinds=["MENTION"]) as quiet:
        ana = await quiet.person()
        devices = await followers(quiet, receiver, ana, 1)
        await quiet.post(ana)
        await quiet.run_jobs()
    assert times_told(receiver, devices) == [0]
