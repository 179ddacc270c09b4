"""How people read in a canary run: every way in, and events as they come."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

import orjson

from server.answers import Refused
from server.engine import Result
from stores.redis.connection import cancelled
from tests.api.subscribing import results_of
from tests.canary import asked
from tests.canary.changing import sender_of, there
from tests.canary.model import Thing
from tests.canary.possible import moment
from tests.canary.run import Run
from tests.canary.schedule import Step
from tests.world import World

SOME = 12
"""Ids that are asked for at once."""
EVENTS_MOST = 10
QUIET_S = 0.03
"""So long nothing comes before a client that resumed hangs up."""


async def read(run: Run, process: World, step: Step) -> None:
    variables = variables_of(run, step)
    if variables is not None:
        await run.ask(process, step.person, step.way, asked.READ[step.way], **variables)


def variables_of(run: Run, step: Step) -> dict[str, object] | None:
    """What a way is asked with; None where there is nothing yet to ask for."""
    if step.way == "profile":
        return {"username": run.people[step.other].username}
    if step.way == "people":
        return {"ids": [run.people[(step.other + number) % len(run.people)].id for number in range(SOME)]}
    if step.way == "things":
        return {"ids": some_things(run, step)}
    if step.way == "post":
        posts = of_owner(run.model.posts, step)
        return {"id": posts[step.which % len(posts)].id} if posts else None
    return {}


def of_owner(things: Mapping[str, Thing], step: Step) -> list[Thing]:
    """Also those that are deleted."""
    return [thing for thing in things.values() if thing.owner == step.other] or list(things.values())


def some_things(run: Run, step: Step) -> list[str]:
    """Posts, comments and media that have to do with somebody, the latest of them."""
    posts, comments = of_owner(run.model.posts, step), list(run.model.comments.values())
    about = [one for one in comments if step.other in (one.owner, one.post.owner if one.post else None)]
    latest = [*posts[-SOME // 3 :], *about[-SOME // 3 :]]
    return [*(one.id for one in latest), *(one.media for one in posts[-SOME // 3 :] if one.media)]


async def resume(run: Run, process: World, step: Step) -> None:
    """Take the events that have come since the same person took them last, and hang up; the first time, begin."""
    viewer, given = sender_of(step), {}
    if step.way == "comment events":
        posts = there(run.model.posts, [step.other])
        if not posts:
            return
        given = {"id": posts[0].id}
    key = f"{step.way} {given}", viewer
    if key not in run.cursors:
        data = await run.ask(process, viewer, step.way, asked.CURSOR[step.way], **given)
        [root] = data.values() or [None]
        if root is not None:
            run.cursors[key] = root["at"]["liveCursor"]
        return
    cursor = run.cursors.pop(key)
    taken = await take(run, process, viewer, step.way, {**given, "after": cursor}, most=EVENTS_MOST, quiet_s=QUIET_S)
    if taken is not None:
        run.cursors[key] = taken or cursor


async def listen(run: Run, process: World, viewer: int, way: str, post: str | None = None) -> None:
    """Take events as they come, until cancelled; again where they break off."""
    given = {} if post is None else {"id": post}
    while not run.is_over:
        await take(run, process, viewer, way, given)
        await asyncio.sleep(QUIET_S)


async def take(
    run: Run,
    process: World,
    viewer: int,
    way: str,
    given: Mapping[str, object],
    *,
    most: int | None = None,
    quiet_s: float | None = None,
) -> str | None:
    """Events, until `most` have come, or none for `quiet_s`.

    Gives the cursor of the last one, "" where none came, None where it broke off.
    """
    context = await process.app.context(run.people[viewer].access_token, None, "test")
    cursor, taken = "", 0
    async with aclosing(results_of(process, context, asked.LIVE[way], **given)) as results:
        while taken != most:
            began, coming = moment(), asyncio.create_task(anext(results))
            try:
                done, _ = await asyncio.wait([coming], timeout=quiet_s)
                if not done:
                    return cursor
                [event] = judged(run, viewer, way, coming.result(), began - process.app.deps.settings.live_shared_s)
            except (Refused, StopAsyncIteration):
                return None  # what it is about is hidden, or gone; or too much was missed
            finally:
                await cancelled(coming)
            cursor, taken = event["cursor"], taken + 1
    return cursor


def judged(run: Run, viewer: int, way: str, result: Result, began: float) -> Any:
    """The event of each field."""
    run.model.judge(viewer, way, orjson.dumps(result.body).decode(), began, asked.STRICTER.get(way))
    if "errors" in result.body:
        run.troubles.append((way, viewer, result.body))
    return result.body["data"].values()  # type: ignore[attr-defined]


ACTIONS = {**dict.fromkeys(asked.READ, read), **dict.fromkeys(asked.LIVE, resume)}
