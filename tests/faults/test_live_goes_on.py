"""Subscriptions while Redis or Postgres goes and comes back: they lose nothing, and tell nothing twice."""

import asyncio
import os
import signal
from functools import partial

from pydantic import SecretStr
from sqlalchemy import make_url

from dev.embedded import Server
from settings import Settings
from tests.api.subscribing import COMMENT_ADDED, FEED_POST_ADDED, NOTIFICATION_ADDED, subscribed
from tests.api.test_live_comments import comment
from tests.faults import checks
from tests.faults.proxy import proxy
from tests.patience import as_in_production
from tests.processes import another_process
from tests.world import World

IN_A_HURRY = as_in_production("redis_timeout_s", "timeline_timeout_s")


async def listens(world: World, *, wanted: bool) -> bool:
    return world.app.deps.live.publications.wakes.is_listening is wanted


async def test_while_redis_is_gone_subscribers_are_told_all_the_same_and_afterwards_again_at_once(
    world: World, redis: Server, settings: Settings
) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    post = await world.post(ana)
    async with (
        another_process(settings, live_poll_s=0.1, live_look_s=3_600) as process,
        subscribed(process, ben, FEED_POST_ADDED) as feed,
        subscribed(process, ben, COMMENT_ADDED, post=post) as comments,
    ):
        said, posts = [await comment(world, ana, post)], [await world.post(ana)]
        assert [await comments.nodes(1), await feed.nodes(1)] == [said, posts]
        redis.kill()
        said, posts = [await comment(world, ana, post)], [await world.post(ana)]
        assert [await comments.nodes(1), await feed.nodes(1)] == [said, posts]
        redis.start()
        await checks.until(partial(listens, process, wanted=True))
        for _ in range(3):
            said, posts = [await comment(world, ana, post)], [await world.post(ana)]
            assert [await comments.nodes(1), await feed.nodes(1)] == [said, posts]


async def test_a_redis_that_hangs_holds_up_no_writer_and_no_subscriber(
    world: World, redis: Server, settings: Settings
) -> None:
    ana = await world.person("ana")
    post = await world.post(ana)
    async with (
        another_process(settings, live_poll_s=0.1, live_look_s=3_600, **IN_A_HURRY) as process,
        subscribed(process, ana, COMMENT_ADDED, post=post) as comments,
    ):
        await checks.until(partial(listens, process, wanted=True))
        os.kill(redis.pid, signal.SIGSTOP)
        said = [await comment(world, ana, post) for _ in range(3)]
        assert await comments.nodes(3) == said
        os.kill(redis.pid, signal.SIGCONT)
        await checks.until(partial(listens, process, wanted=True))
        said = [await comment(world, ana, post)]
        assert await comments.nodes(1) == said


async def test_while_postgres_cannot_be_reached_tails_wait_and_go_on_where_they_were(
    world: World, settings: Settings
) -> None:
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.follow(ben, ana)
    post = await world.post(ana)
    await world.run_jobs()
    url = make_url(settings.database_url.get_secret_value())
    assert url.port is not None
    async with (
        proxy(url.port) as (between, port),
        another_process(
            settings, database_url=SecretStr(url.set(port=port).render_as_string(hide_password=False))
        ) as process,
        subscribed(process, ben, FEED_POST_ADDED) as feed,
        subscribed(process, ben, COMMENT_ADDED, post=post) as comments,
        subscribed(process, ana, NOTIFICATION_ADDED) as inbox,
    ):
        between.allowance = lambda: 0
        await between.cut()
        said, posts = [await comment(world, ben, post) for _ in range(3)], [await world.post(ana) for _ in range(3)]
        await world.run_jobs()
        await asyncio.sleep(1.5)  # so that they have tried in vain
        between.allowance = lambda: None
        assert [await comments.nodes(3), await feed.nodes(3)] == [said, posts]
        assert (await inbox.event())["edge"]["node"]["kind"] == "POST_COMMENTED"
