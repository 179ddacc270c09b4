"""Publications that are held up in mid-transaction while others, and readers, go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from rules.node_ids import encode
from services import publishing
from services.events import PostPublished
from tests.faults import checks
from tests.world import Person, World, row_id

BLOCKED_FOR_S = 0.5


@pytest.fixture
async def people(world: World) -> list[Person]:
    """Ana and Eva, whom Ben follows, who has a timeline with a post of each, and Dan, who follows them and has none."""
    people = [await world.person(name) for name in ("ana", "eva", "ben", "dan")]
    for author in people[:2]:
        for follower in people[2:]:
            await world.follow(follower, author)
        await world.post(author)
    await world.run_jobs()
    await world.feed(people[2])
    await world.app.deps.upkeep.done()
    return people


async def test_a_publication_waits_for_one_that_is_held_so_that_no_lower_id_comes_after_a_higher_one(
    world: World, people: list[Person]
) -> None:
    [ana, eva, ben, dan] = people
    waiting = await world.picture(ana, status="PROCESSING")
    held = await world.post(ana, mediaIds=[waiting])
    before = await world.feed(ben)

    async with world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(text("update media set status = 'READY' where id = :id"), {"id": row_id(waiting)})
        await publishing.settle(world.app.deps, uow, [row_id(held)])
        posting = asyncio.create_task(world.post(eva))
        await asyncio.wait([posting], timeout=BLOCKED_FOR_S)
        assert not posting.done()
        assert await world.feed(ben) == await world.feed(dan) == before
    later = await posting

    for _ in range(2):
        assert await world.feed(ben) == await world.feed(dan) == [later, held, *before]
        await world.run_jobs()
        await world.app.deps.upkeep.done()
    assert await checks.are_on_timelines(world, held, [ben.row_id, dan.row_id])
    await checks.counts_are_rows(world)
    await checks.drained(world)
    await checks.nothing_is_held(world)


@pytest.mark.parametrize("cap", [800, 1], ids=["above the floor of timelines", "below it"])
async def test_nobody_misses_a_post_whose_id_is_lower_than_what_was_read_before_its_commit(
    world: World, people: list[Person], monkeypatch: pytest.MonkeyPatch, cap: int
) -> None:
    """As from a second clock, which does not wait for the first."""
    [ana, eva, ben, dan] = people
    timelines = world.app.deps.timelines
    monkeypatch.setattr(timelines, "limits", timelines.limits._replace(cap=cap))
    before = await world.feed(ben)
    async with publication_of_another_clock(world, ana) as late:
        early = await world.post(eva)
        await world.run_jobs()
        for viewer in (ben, dan):
            assert await world.feed(viewer) == [early, *before]
        await world.app.deps.upkeep.done()
        assert await checks.are_on_timelines(world, early, [ben.row_id, dan.row_id])

    for _ in range(2):
        assert await world.feed(ben) == await world.feed(dan) == [early, late, *before]
        await world.run_jobs()
        await world.app.deps.upkeep.done()
    await checks.feeds_are_right(world, people)
    await checks.drained(world)
    await checks.nothing_is_held(world)


@asynccontextmanager
async def publication_of_another_clock(world: World, author: Person) -> AsyncIterator[str]:
    """A post whose `feed_id` is the lowest that is free now; it is committed at the end of the block."""
    post_id = await world.app.deps.ids.mint()
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(
            text(
                """
                with published as (
                    insert into posts (id, author_id, caption, status, published_at, feed_id)
                    select :post_id, :author_id, '', 'PUBLISHED', now(), last + 1 from feed_clock
                    returning id, feed_id, author_id
                )
                insert into fan_outs (post_id, feed_id, author_id) select * from published
                """
            ),
            {"post_id": post_id, "author_id": author.row_id},
        )
        await uow.announce(PostPublished(post_id))
        yield encode("Post", post_id)
