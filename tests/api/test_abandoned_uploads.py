"""Uploads that no post takes are collected after a day; what a post has, never."""

import pytest
from sqlalchemy import select

from jobs import housekeeping
from settings import Settings
from stores.postgres.tables import media
from tests.processes import another_process
from tests.world import CREATE_POST, World, jpeg, web_client


async def hours_pass(world: World, hours: float) -> None:
    await world.sql("update media set created_at = created_at - make_interval(secs => :s)", s=hours * 3_600)


async def keys(world: World) -> list[str]:
    async with world.app.deps.database.read() as connection:
        return list(await connection.scalars(select(media.c.object_key)))


@pytest.mark.parametrize("status", ["PENDING", "PROCESSING", "READY", "FAILED"])
async def test_an_upload_that_no_post_took_is_collected_after_24_hours(world: World, status: str) -> None:
    ana = await world.person()
    await world.picture(ana, status=status)
    await hours_pass(world, 23.9)
    async with world.unchanged():
        await housekeeping.collect(world.app.deps)
    await hours_pass(world, 0.2)
    await housekeeping.collect(world.app.deps)
    assert await world.count(media) == 0
    assert [job for _, job in await world.announced()] == ["remove_media_files"]


async def test_its_files_go_with_it(world: World) -> None:
    ana = await world.person()
    await world.upload(ana, jpeg())
    await world.run_jobs()
    [key] = await keys(world)
    await hours_pass(world, 25)
    await housekeeping.collect(world.app.deps)
    await world.run_jobs()
    assert await world.app.deps.objects.size(key) is None
    async with web_client() as browser:
        shown = await browser.get(world.app.deps.objects.media_url(f"{key}/large.webp"))
    assert shown.status_code == 404


@pytest.mark.parametrize("status", ["READY", "PROCESSING"])
async def test_what_a_post_has_is_never_collected(world: World, status: str) -> None:
    ana = await world.person()
    await world.post(ana, mediaIds=[await world.picture(ana, status=status)])
    await world.run_jobs()
    await hours_pass(world, 24 * 365)
    async with world.unchanged():
        await housekeeping.collect(world.app.deps)


async def test_what_was_collected_cannot_be_posted(world: World) -> None:
    ana = await world.person()
    picture = await world.picture(ana)
    await hours_pass(world, 25)
    await housekeeping.collect(world.app.deps)
    async with world.unchanged():
        assert await world.faults(ana, CREATE_POST, input={"mediaIds": [picture]}) == [("NOT_FOUND", ["mediaIds"])]


async def test_many_are_collected_in_several_transactions(world: World, settings: Settings) -> None:
    ana = await world.person()
    for _ in range(7):
        await world.picture(ana)
    await hours_pass(world, 25)
    async with another_process(settings, collect_batch=3) as process:
        await housekeeping.collect(process.app.deps)
    assert await world.count(media) == 0


async def test_an_upload_that_is_processed_while_it_is_collected_leaves_no_files(world: World) -> None:
    ana = await world.person()
    await world.upload(ana, jpeg())
    [key] = await keys(world)
    await hours_pass(world, 25)
    await housekeeping.collect(world.app.deps)
    await world.run_jobs()
    assert await world.app.deps.objects.size(key) is None
    assert await world.announced() == []
