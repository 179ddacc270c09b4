"""Jobs that tell people of what goes at that moment: what they write is withdrawn too."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from sqlalchemy import select

from jobs import running
from services import notifying
from services.deps import Deps
from services.telling import Fact, tell
from stores.postgres.database import UnitOfWork
from stores.postgres.tables import activities, notifications, outbox
from tests.inboxes import DELETE_COMMENT, UPDATE_CAPTION, comment, like, people, told
from tests.world import Person, World, row_id


class Paused:
    """Stops jobs between what they read and what they write."""

    def __init__(self) -> None:
        self.has_read, self.may_write = asyncio.Event(), asyncio.Event()

    async def tell(self, deps: Deps, uow: UnitOfWork, facts: Sequence[Fact]) -> None:
        self.has_read.set()
        await self.may_write.wait()
        await tell(deps, uow, facts)

    async def go_on_during(self, other: Awaitable[None]) -> None:
        """Let them write after another job has had time to do all that does not wait for them."""
        running_too = asyncio.ensure_future(other)
        await asyncio.wait([running_too], timeout=0.2)
        self.may_write.set()
        await running_too


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> Paused:
    made = Paused()
    monkeypatch.setattr(notifying, "tell", made.tell)
    return made


Begin = Callable[[World, Person, Person, str], Awaitable[str]]


async def by_like(world: World, ana: Person, ben: Person, post: str) -> str:
    await like(world, ben, post)
    return "notify_post_likes"


async def by_comment(world: World, ana: Person, ben: Person, post: str) -> str:
    await comment(world, ben, post)
    return "notify_comments"


async def by_mention(world: World, ana: Person, ben: Person, post: str) -> str:
    await world.do(ana, UPDATE_CAPTION, id=post, caption="@ben")
    return "notify_mentions"


@pytest.mark.parametrize("begin", [by_like, by_comment, by_mention])
async def test_what_a_job_writes_while_its_post_is_erased_is_erased_too(
    world: World, paused: Paused, begin: Begin
) -> None:
    """The job has seen the post, and commits after the deletion: erasing waits for it."""
    ana, ben = await world.person("ana"), await world.person("ben")
    post = await world.post(ana)
    await world.run_jobs()
    job = await begin(world, ana, ben, post)
    [(job_id, name)] = await world.announced()
    assert name == job
    telling = asyncio.create_task(running.run(world.app.deps, job_id))
    await paused.has_read.wait()
    await world.delete(ana, post)
    await paused.go_on_during(running.JOBS["erase_post"](world.app.deps, post_id=row_id(post)))
    await telling
    assert [await world.count(table) for table in (activities, notifications)] == [0, 0]


async def test_a_comment_that_is_deleted_while_it_is_told_is_not_told(world: World, paused: Paused) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    await world.run_jobs()
    comment_id = await comment(world, ben, post, "@eva")
    [(job_id, _)] = await world.announced()
    telling = asyncio.create_task(running.run(world.app.deps, job_id))
    await paused.has_read.wait()
    await world.do(ben, DELETE_COMMENT, id=comment_id)
    async with world.app.deps.database.read() as connection:
        [given] = await connection.scalars(select(outbox.c.arguments).where(outbox.c.job == "erase_comment"))
    await paused.go_on_during(running.JOBS["erase_comment"](world.app.deps, **given))
    await telling
    assert [await world.count(table) for table in (activities, notifications)] == [0, 0]
    assert await told(world, eva) == []


async def test_an_erased_comment_is_withdrawn_from_all_whom_it_told(world: World) -> None:
    """Also when its deletion was announced by a version that did not say whom it may have told."""
    ana, ben, _ = await people(world, "ana", "ben", "eva")
    post = await world.post(ana)
    comment_id = await comment(world, ben, post, "@eva")
    await world.run_jobs()
    await world.sql("delete from comments where id = :id", id=row_id(comment_id))
    await running.JOBS["erase_comment"](world.app.deps, comment_id=row_id(comment_id))
    assert [await world.count(table) for table in (activities, notifications)] == [0, 0]
