"""The jobs that tell people: repeated, late, reordered or at once, what they write is so in the end."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import insert, select, update

from jobs import housekeeping, running
from services import notifying
from stores.postgres import inboxes
from stores.postgres.reactions import Mark
from stores.postgres.tables import activities, likes, notifications, outbox
from tests.api.test_statements import told as asked_for
from tests.bulk import add_people, add_posts
from tests.counting import counting
from tests.inboxes import (
    LIKE_COMMENT,
    UPDATE_CAPTION,
    Told,
    comment,
    like,
    nodes,
    people,
    told,
    unlike,
)
from tests.world import Person, World

TIMES = 3


async def arguments(world: World, job: str) -> list[dict[str, object]]:
    """Of the announced jobs of this name, in the order of their announcement."""
    async with world.app.deps.database.read() as connection:
        statement = select(outbox.c.arguments).where(outbox.c.job == job).order_by(outbox.c.id)
        return list(await connection.scalars(statement))


async def everything(world: World) -> tuple[Person, Person, Person, str]:
    """Each kind of notification is announced."""
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    post = await world.post(ana, "@ben")
    bens = await comment(world, ben, post, "@eva")
    await world.do(ana, LIKE_COMMENT, id=bens)
    await like(world, ben, post)
    await like(world, eva, post)
    await world.follow(ben, ana)
    await world.do(ana, UPDATE_CAPTION, id=post, caption="@ben @eva")
    return ana, ben, eva, post


async def kinds(world: World, *people: Person) -> list[list[str]]:
    """Of what is stored for each."""
    return [sorted(one.kind for one in await told(world, who) if one.kind != "NEW_POST") for who in people]


TOLD = [["FOLLOW", "POST_COMMENTED", "POST_LIKED"], ["COMMENT_LIKED", "MENTION"], ["MENTION", "MENTION"]]


async def test_jobs_that_run_several_times_at_once_tell_once(world: World) -> None:
    ana, ben, eva, _ = await everything(world)
    due = [job_id for job_id, _ in await world.announced()]
    await asyncio.gather(*(running.run(world.app.deps, job_id) for job_id in due * TIMES))
    assert await kinds(world, ana, ben, eva) == TOLD
    assert await world.count(activities) == 8


async def test_jobs_that_run_in_any_order_and_again_later_tell_what_is_so(world: World) -> None:
    ana, ben, eva, post = await everything(world)
    await unlike(world, eva, post)
    await world.unfollow(ben, ana)
    async with world.app.deps.database.read() as connection:
        jobs = list(await connection.execute(select(outbox.c.job, outbox.c.arguments).order_by(outbox.c.id.desc())))
    for job, given in [*jobs, *jobs]:
        await running.JOBS[job](world.app.deps, **given)
    assert (await told(world, ana))[-1:] == [Told("POST_LIKED", ["ben"], 1, post)]
    assert await kinds(world, ana, ben, eva) == [["POST_COMMENTED", "POST_LIKED"], *TOLD[1:]]


async def test_a_like_that_was_taken_back_before_its_job_ran_is_never_told(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    post = await world.post(ana)
    await like(world, ben, post)
    await unlike(world, ben, post)
    assert await told(world, ana) == []
    assert await world.count(activities) == 0


async def test_jobs_that_come_after_what_they_are_about_is_gone_write_nothing(world: World) -> None:
    ana, ben, eva, post = await everything(world)
    jobs = [
        (job, given)
        for job in ("notify_post_likes", "notify_comment_likes", "notify_comments", "notify_mentions")
        for given in await arguments(world, job)
    ]
    assert len(jobs) == 6
    await world.delete(ana, post)
    for _ in range(2):
        for job, given in jobs:
            await running.JOBS[job](world.app.deps, **given)
        await world.run_jobs()
    assert await kinds(world, ana, ben, eva) == [["FOLLOW"], [], []]
    assert [await world.count(table) for table in (activities, notifications)] == [1, 1]


# ----------------------------------------------------------------------------------------- many at once


async def test_many_likes_cost_a_handful_of_statements_on_one_post_or_on_many(world: World) -> None:
    authors, likers = await add_people(world, 500), await add_people(world, 500)
    posts = await add_posts(world, authors)
    batches = {
        "one": [Mark(posts[0], liker) for liker in likers],
        "many": [Mark(post, likers[0]) for post in posts[1:]],
    }
    for marks in batches.values():
        await _like(world, marks)
        with counting(world) as asked:
            await notifying.of_post_likes(world.app.deps, marks)
        assert len(asked.statements) <= 10, asked_for(asked)
    assert await world.count(activities) == 999
    assert await world.count(notifications) == 500
    async with world.app.deps.database.read() as connection:
        counts = list(await connection.scalars(select(notifications.c.actor_count).order_by(notifications.c.id)))
    assert counts == [500] + [1] * 499


async def test_jobs_for_the_same_people_do_not_wait_for_each_other_forever(world: World) -> None:
    authors, likers = await add_people(world, 60), await add_people(world, 6)
    posts = await add_posts(world, authors)
    batches = [[Mark(post, liker) for post in posts] for liker in likers]
    for number, marks in enumerate(batches):
        await _like(world, marks)
        if number % 2:
            marks.reverse()
    for _ in range(3):
        await asyncio.gather(*(notifying.of_post_likes(world.app.deps, marks) for marks in batches))
    async with world.app.deps.database.read() as connection:
        assert set(await connection.scalars(select(notifications.c.actor_count))) == {6}
        places = list(await connection.scalars(select(activities.c.place)))
    assert await world.count(notifications) == 60
    assert len(places) == 360


async def test_an_author_who_deletes_while_he_is_told_does_not_stop_it(world: World) -> None:
    ana, likers = await world.person("ana"), [await world.person() for _ in range(4)]
    posts = [await world.post(ana) for _ in range(6)]
    await world.run_jobs()
    for who in likers:
        for post in posts:
            await like(world, who, post)
    due = [job_id for job_id, _ in await world.announced()]
    kept = posts.pop()
    await asyncio.gather(
        *(running.run(world.app.deps, job_id) for job_id in due), *(world.delete(ana, post) for post in posts)
    )
    erasing = [job_id for job_id, _ in await world.announced()]
    await asyncio.gather(*(running.run(world.app.deps, job_id) for job_id in [*erasing, *due]))
    names = [who.username for who in likers]
    [entry] = await told(world, ana)
    assert (entry.post, entry.actor_count, set(entry.actors) <= set(names)) == (kept, 4, True)
    assert await world.count(activities) == 4


async def test_the_places_of_an_inbox_are_unique_and_ascend(world: World) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    for _ in range(5):
        post = await world.post(ana)
        await like(world, ben, post)
        await comment(world, ben, post)
        await world.run_jobs()
    async with world.app.deps.database.read() as connection:
        statement = select(activities.c.place).order_by(activities.c.notification_id)
        places = list(await connection.scalars(statement))
        inbox = await inboxes.find(connection, ana.row_id)
    assert len(set(places)) == len(places) == 10
    assert inbox.last == max(places)


# --------------------------------------------------------------------------------------------- old ones


async def test_old_notifications_are_collected_with_their_activities(world: World) -> None:
    ana, ben, eva = await people(world, "ana", "ben", "eva")
    old, new = await world.post(ana), await world.post(ana)
    for who in (ben, eva):
        await like(world, who, old)
    await world.run_jobs()
    age = world.app.deps.settings.notifications_kept_s * 1000 + 60_000
    async with world.app.deps.database.unit_of_work() as uow:
        moved = notifications.c.id - (age << 23)
        await uow.connection.execute(update(notifications).values(id=moved))
        await uow.connection.execute(
            update(activities).values(notification_id=activities.c.notification_id - (age << 23))
        )
    await like(world, ben, new)
    await world.run_jobs()
    assert len(await nodes(world, ana)) == 2
    await housekeeping.collect(world.app.deps)
    assert await told(world, ana) == [Told("POST_LIKED", ["ben"], 1, new)]
    assert [await world.count(table) for table in (activities, notifications)] == [1, 1]


async def _like(world: World, marks: Sequence[Mark]) -> None:
    rows = [{"post_id": m.thing_id, "user_id": m.user_id, "id": await world.app.deps.ids.mint()} for m in marks]
    async with world.app.deps.database.unit_of_work() as uow:
        await uow.connection.execute(insert(likes), rows)
