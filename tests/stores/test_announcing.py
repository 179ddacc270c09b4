"""Announced jobs: rows that commit, or vanish, with the write that needs them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.events import MediaProcessed, MediaRemoved, PostDeleted
from stores.postgres import outbox
from tests.world import World

FAILING_AT_COMMIT = [
    "create temp table deferred (a int unique deferrable initially deferred)",
    "insert into deferred values (1), (1)",
]


async def announce_and(world: World, *statements: str) -> None:
    """Announce something, and execute statements after it, in one transaction."""
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.announce(PostDeleted(7))
        for statement in statements:
            await uow.connection.execute(text(statement))


async def test_what_is_announced_vanishes_with_its_transaction(world: World) -> None:
    async with world.unchanged():
        with pytest.raises(DBAPIError, match="division by zero"):
            await announce_and(world, "select 1 / 0")


async def test_a_transaction_that_fails_at_its_commit_announces_nothing(world: World) -> None:
    async with world.unchanged():
        with pytest.raises(IntegrityError, match="deferred"):
            await announce_and(world, *FAILING_AT_COMMIT)


async def test_jobs_keep_what_their_event_says(world: World) -> None:
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.announce(PostDeleted(2**62))
        await uow.announce(MediaRemoved("7-key"))
        await uow.announce(MediaProcessed(9))
    async with world.app.deps.database.read() as connection:
        found = [await outbox.find(connection, job_id) for job_id, _ in await world.announced()]
    assert [(job.job, job.arguments, job.attempts) for job in found if job] == [
        ("erase_post", {"post_id": 2**62}, 0),
        ("remove_media_files", {"object_key": "7-key"}, 0),
        ("settle_post", {"post_id": 9}, 0),
    ]


async def test_a_job_that_is_done_or_set_aside_is_not_found(world: World) -> None:
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.announce(PostDeleted(1))
        await uow.announce(PostDeleted(2))
    (first, _), (second, _) = await world.announced()
    await world.sql("update outbox set is_set_aside = true where id = :id", id=second)
    async with world.app.deps.database.unit_of_work() as uow:
        await outbox.done(uow.connection, first)
        assert [await outbox.find(uow.connection, job_id) for job_id in (first, second, 0)] == [None, None, None]
