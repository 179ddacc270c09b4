"""The floor of a fan-out by redis-benchmark or valkey-benchmark, where there is one: a member more in each sorted set.

It writes where chance leads: by one name for all sets, in which it puts 12 digits for __rand_int__. So the viewers' ids
end with such numbers, from 0 on; some timelines get several members, others none. Members are as long as those of
posts, and come last, as the newest post does.
"""

import csv
import shutil
import subprocess
from collections.abc import Sequence
from urllib.parse import urlsplit

from redis.asyncio import Redis

from stores.redis.timelines import key

PROGRAM = shutil.which("redis-benchmark") or shutil.which("valkey-benchmark")
MISSING = "redis-benchmark (on Debian: apt install redis-tools) or valkey-benchmark"
ANY, DIGITS = "__rand_int__", 12
ROUND: int = 10**DIGITS
NEWEST = "z"  # after the members of posts, which begin with a digit
PIPELINED = 64  # on each of the program's 50 connections: of what was tried, it made the most of Redis
CHUNK = 1_000
TIMEOUT_S = 60.0


def first_id(about: int) -> int:
    """Of viewers in a row, whose ids end with the numbers that the program chooses."""
    return about - about % ROUND


def add(redis_url: str, viewer_ids: Sequence[int]) -> float:
    """Seconds for as many writes as there are viewers, all of whom have a timeline."""
    url, many = urlsplit(redis_url), str(len(viewer_ids))
    server = ["-h", url.hostname or "", "-p", str(url.port), "-a", url.password or ""]
    load = ["-n", many, "-r", many, "-P", str(PIPELINED), "--csv"]
    first = str(viewer_ids[0])
    write = ["ZADD", key(viewer_ids[0]).replace(first, first[:-DIGITS] + ANY), "0", NEWEST + ANY]
    command = [PROGRAM or "", *server, *load, *write]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT_S).stdout
    *_, [_, a_second, *_] = csv.reader(told.splitlines())
    return len(viewer_ids) / float(a_second)


async def remove(redis: Redis, viewer_ids: Sequence[int]) -> None:
    """What was added. Raises RuntimeError where that is not as much as it should be."""
    removed = 0
    for begin in range(0, len(viewer_ids), CHUNK):
        async with redis.pipeline(transaction=False) as pipeline:
            for viewer_id in viewer_ids[begin : begin + CHUNK]:
                pipeline.zremrangebylex(key(viewer_id), f"[{NEWEST}", "+")
            removed += sum(await pipeline.execute())
    if removed < 0.99 * len(viewer_ids):  # chance may lead to the same place twice
        raise RuntimeError(f"{PROGRAM} has written {removed:,} times for {len(viewer_ids):,}")
