"""An API process is killed while it writes: the same idempotency key, sent again to another one, has one effect."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Table, select, text

from bench.clients import Connection
from bench.processes import Api
from stores.postgres.tables import comments, posts
from tests.faults import checks, reacting
from tests.faults.conftest import StartApi
from tests.world import World, row_id

TABLES = {"addComment": comments, "createPost": posts}
WAITING = text("select 1 from pg_stat_activity where application_name = 'photofeed' and wait_event_type = 'Lock'")


@pytest.mark.parametrize("mutation", TABLES)
async def test_what_was_committed_and_not_answered_is_not_done_again(
    world: World, start_api: StartApi, another_api: Api, mutation: str
) -> None:
    writing, table = await request_of(world, mutation), TABLES[mutation]
    before = await ids(world, table)
    killed = start_api()
    async with connected(killed) as connection:
        connection.send(writing)
        await checks.until(lambda: more(world, table, before))
        killed.kill()
    written = await ids(world, table) - before

    async with connected(another_api) as connection:
        answered = [reacting.result(await connection.ask(writing), mutation) for _ in range(2)]

    assert {row_id(one) for one in answered} == written == await ids(world, table) - before
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


@pytest.mark.parametrize("mutation", TABLES)
async def test_what_was_not_committed_is_done_once_when_it_is_sent_again(
    world: World, start_api: StartApi, another_api: Api, mutation: str
) -> None:
    writing, table = await request_of(world, mutation), TABLES[mutation]
    before = await ids(world, table)
    killed = start_api()
    async with connected(killed) as connection, world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(text("lock table idempotency_keys in exclusive mode"))
        connection.send(writing)
        await checks.until(lambda: waits(world))
        killed.kill()
    assert await ids(world, table) == before

    async with connected(another_api) as connection:
        answered = [reacting.result(await connection.ask(writing), mutation) for _ in range(2)]

    assert {row_id(one) for one in answered} == await ids(world, table) - before
    await checks.counts_are_rows(world)
    await checks.nothing_is_held(world)


async def request_of(world: World, mutation: str) -> bytes:
    """Of somebody who comments on another's post, or publishes one, with an idempotency key."""
    ana, ben = await world.person(), await world.person()
    post, picture = await world.post(ana), await world.picture(ben)
    inputs: dict[str, dict[str, object]] = {
        "addComment": {"postId": post, "text": "hi"},
        "createPost": {"mediaIds": [picture]},
    }
    step = reacting.Step(0, mutation, {**inputs[mutation], "idempotencyKey": "key"})
    return reacting.requested(step, ben)


@asynccontextmanager
async def connected(api: Api) -> AsyncIterator[Connection]:
    connection = await Connection.open(api.port)
    yield connection
    connection.close()


async def more(world: World, table: Table, than: set[int]) -> bool:
    return await ids(world, table) > than


async def waits(world: World) -> bool:
    """Whether a transaction of Photofeed waits for a lock."""
    async with world.app.deps.database.read() as connection:
        return await connection.scalar(WAITING) is not None


async def ids(world: World, table: Table) -> set[int]:
    async with world.app.deps.database.read() as connection:
        return set(await connection.scalars(select(table.c.id)))
