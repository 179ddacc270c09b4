"""The newest of a timeline, which a script of Redis' gives: a round trip for each reader, or for all in flight."""

from functools import partial
from typing import Any

from redis.asyncio import Redis

from bench.data_path.stage import PAGE, Stage
from bench.data_path.ways import TOGETHER, Comparison, Way
from services.feed import SPARE
from stores.postgres.pages import TOP
from stores.redis import pipelines, scripts
from stores.redis.timelines import Header, Slice, key, member

MOST = PAGE + 1 + SPARE
"""As `feed.home` asks for."""


def comparison(stage: Stage) -> Comparison[int, Slice | None]:
    """Of readers' ids."""
    redis, timelines = stage.bench.redis, stage.bench.app.deps.timelines
    by_script, sent, read = Script(redis).read, Sent(redis).read, partial(timelines.read, below=TOP, most=MOST)
    return Comparison(
        "A timeline's newest",
        [
            Way("redis-py's script", by_script),
            Way("redis-py's script", by_script, TOGETHER),
            Way("pipelines.send", sent),
            Way("pipelines.send", sent, TOGETHER),
            Way("Timelines.read", read),
            Way("Timelines.read, shared", read, TOGETHER),
        ],
        stage.people.ids,
    )


class Script:
    """As redis-py runs scripts."""

    def __init__(self, redis: Redis) -> None:
        self._script = redis.register_script(scripts.READ)

    async def read(self, viewer_id: int) -> Slice:
        return slice_of(await self._script(keys=[key(viewer_id)], args=[member(TOP), MOST]))


class Sent:
    """Packed by hand, alone in its round trip."""

    def __init__(self, redis: Redis) -> None:
        self._redis, self._sha = redis, redis.register_script(scripts.READ).sha

    async def read(self, viewer_id: int) -> Slice:
        command = "EVALSHA", self._sha, "1", key(viewer_id), member(TOP), str(MOST)
        [found] = await pipelines.send(self._redis, [command])
        return slice_of(found)


def slice_of(found: Any) -> Slice:  # Any: whatever a script gives
    """As `Timelines.read` makes it, that is compared with this."""
    header, members = found
    token, state, floor, ver, built = header.decode()[1:].split(":")
    return Slice(
        Header(token, state == "L", int(floor, 32), int(ver), int(built)), [int(member, 32) for member in members]
    )
