"""Timelines: for each active viewer, the `feed_id`s of pushed posts. They only propose; Postgres decides.

Every method raises `StoreUnavailable` where Redis does not answer in time, or is full; nothing is half done then.
"""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import product
from typing import Any, NamedTuple, TypeVar

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError, ResponseError

from stores.errors import StoreUnavailable
from stores.redis import pipelines, scripts
from stores.redis.breaker import Breaker
from stores.redis.connection import cancelled
from stores.redis.together import Together

T = TypeVar("T")
DIGITS = "0123456789abcdefghijklmnopqrstuv"
PAIRS = ["".join(pair) for pair in product(DIGITS, repeat=2)]
SHIFTS = range(50, -1, -10)  # of the pairs, after the first digit: 65 bits hold every feed_id, exactly
TOKEN_BYTES = 8
PREFIX = "tl:"
KEYS_SCANNED = 1_000  # in one round trip


class Header(NamedTuple):
    """`floor`: complete at and above this `feed_id`. `ver`: of the follows that it reflects. `built`: Unix seconds."""

    token: str
    is_live: bool
    floor: int
    ver: int
    built: int


class Slice(NamedTuple):
    """A timeline's header and the highest of its `feed_id`s in the range that was asked for, highest first."""

    header: Header
    feed_ids: list[int]


class TimelineLimits(NamedTuple):
    cap: int
    timeout_s: float
    max_age_s: int
    building_s: int

    @property
    def slack(self) -> int:
        """So many posts may be pushed beyond the cap. A trim costs as much as a push: not every push shall need one."""
        return self.cap // 16


class Timelines:
    def __init__(self, redis: Redis, breaker: Breaker, limits: TimelineLimits) -> None:
        self._redis, self.breaker, self.limits = redis, breaker, limits
        self._reads = Together(self.slices)
        self._scripts = {
            name: redis.register_script(getattr(scripts, name))
            for name in ("PUSH", "MARK", "MERGE", "SYNC", "PURGE", "READ")
        }

    async def read(self, viewer_id: int, *, below: int, most: int) -> Slice | None:
        """One round trip, with all who read at the same time; None where there is no timeline."""
        found = await self._reads.load((key(viewer_id), member(below), str(most)))
        if not found:
            return None
        header, members = found
        return Slice(_header(header), [int(member, 32) for member in members])

    @asynccontextmanager
    async def pushing(self, viewer_ids: Sequence[int], pushed: int) -> AsyncIterator[None]:
        """As `push`, beside what the caller does meanwhile: only after that is the `feed_id` on the timelines."""
        push = asyncio.create_task(self.push(viewer_ids, pushed))
        try:
            yield
            await push
        finally:
            await cancelled(push)

    async def push(self, viewer_ids: Sequence[int], pushed: int) -> None:
        """Put a `feed_id` on the timelines that exist, in one round trip."""
        sha, arguments = self._scripts["PUSH"].sha, (member(pushed), str(self.limits.cap), str(self.limits.slack))
        pushes = pipelines.packed_alike(("EVALSHA", sha, "1"), [key(viewer_id) for viewer_id in viewer_ids], arguments)
        await self._guarded(
            self._with_script("PUSH", lambda: pipelines.send_packed(self._redis, pushes, len(viewer_ids))),
            timeout_s=self.limits.timeout_s + len(viewer_ids) / 1_000,
        )

    async def mark(self, viewer_id: int, *, now: int) -> Header:
        """The timeline that there is, or a new one in state building. `now`: Unix seconds of the database."""
        token, oldest = secrets.token_hex(TOKEN_BYTES), now - self.limits.max_age_s
        return _header(await self._run("MARK", viewer_id, token, now, oldest, self.limits.building_s))

    async def merge(
        self, viewer_id: int, header: Header, *, floor: int, ver: int, feed_ids: Sequence[int], now: int
    ) -> bool:
        """Make the incarnation that was marked live; False where it is gone, or is live already."""
        lives_s = max(header.built + self.limits.max_age_s - now - _jitter_s(header.token, self.limits.max_age_s), 1)
        members = [member(found) for found in feed_ids]
        merged = await self._run(
            "MERGE", viewer_id, header.token, member(floor), ver, self.limits.cap, lives_s, *members
        )
        return bool(merged)

    async def sync(self, viewer_id: int, header: Header, *, floor: int, ver: int, feed_ids: Sequence[int]) -> bool:
        """Add what newly followed authors have at and above `floor`; False where the incarnation is gone."""
        members = [member(found) for found in feed_ids]
        return bool(await self._run("SYNC", viewer_id, header.token, member(floor), ver, self.limits.cap, *members))

    async def purge(self, viewer_id: int, *, ver: int, feed_ids: Sequence[int]) -> None:
        """Remove posts of authors who were not followed at `ver`; nothing where the timeline reflects a later list."""
        if feed_ids:
            await self._run("PURGE", viewer_id, ver, *[member(found) for found in feed_ids])

    async def remove(self, viewer_id: int, feed_ids: Sequence[int]) -> None:
        """Remove posts that were deleted."""
        if feed_ids:
            await self._guarded(lambda: self._redis.zrem(key(viewer_id), *[member(found) for found in feed_ids]))

    async def drop(self, viewer_id: int) -> None:
        """Remove a timeline."""
        await self._guarded(lambda: self._redis.delete(key(viewer_id)))

    async def viewers_by_chance(self, most: int) -> list[int]:
        """At most so many of those that have a timeline. Goes over all keys of Redis, some at a time."""
        chosen: list[int] = []
        found, cursor = 0, None
        while cursor != 0:
            ask = partial(self._redis.scan, cursor or 0, match=f"{PREFIX}*", count=KEYS_SCANNED)
            cursor, names = await self._guarded(ask)
            for name in names:
                found += 1
                place = random.randrange(found)
                if len(chosen) < most:
                    chosen.append(viewer_of(name))
                elif place < most:
                    chosen[place] = viewer_of(name)
        return chosen

    async def slices(self, ranges: Sequence[tuple[str, str, str]]) -> list[Any]:
        """What the script finds, of each timeline in a range."""
        sha = self._scripts["READ"].sha
        commands = [("EVALSHA", sha, "1", *one) for one in ranges]
        return await self._guarded(self._with_script("READ", lambda: pipelines.send(self._redis, commands)))

    async def _run(self, name: str, viewer_id: int, *arguments: str | int) -> Any:  # what the script gives
        script = self._scripts[name]
        return await self._guarded(lambda: script(keys=[key(viewer_id)], args=list(arguments)))

    def _with_script(self, name: str, send: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        """Sending, and where Redis has forgotten the script (it was restarted or flushed), once more."""

        async def sending() -> T:
            try:
                return await send()
            except NoScriptError:
                await self._redis.script_load(self._scripts[name].script)
                return await send()

        return sending

    async def _guarded(self, call: Callable[[], Awaitable[T]], *, timeout_s: float | None = None) -> T:
        """What Redis answers. Only silence opens the breaker: one that is full refuses writes, and serves reads."""
        async with self.breaker.guarding(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(timeout_s or self.limits.timeout_s):
                try:
                    return await call()
                except ResponseError as error:
                    refusal = error
        raise StoreUnavailable(f"Redis refuses: {refusal}") from refusal


def key(viewer_id: int) -> str:
    """One hash tag per owner: a timeline is on one node of a cluster."""
    return f"{PREFIX}{{{viewer_id}}}"


def viewer_of(key: bytes) -> int:
    return int(key[len(PREFIX) + 1 : -1])


def member(feed_id: int) -> str:
    """Base32hex in lower case: bytes are ordered as the numbers are."""
    return DIGITS[feed_id >> 60] + "".join([PAIRS[feed_id >> shift & 1023] for shift in SHIFTS])


def _header(text: bytes) -> Header:
    token, state, floor, ver, built = text.decode()[1:].split(":")
    return Header(token, state == "L", int(floor, 32), int(ver), int(built))


def _jitter_s(token: str, max_age_s: int) -> int:
    """Up to a twelfth of the age, so that timelines that were built together do not end together."""
    return int(token, 16) % (max_age_s // 12)
