"""`photofeed doctor`: asks each dependency how it is, and says what to do about what is wrong."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from pydantic import SecretStr
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table

import wiring
from migrations.run import pending
from settings import Settings
from stores.errors import StoreUnavailable
from stores.redis.connection import connect

PATIENCE_S = 5.0  # with each; more than requests have, to tell what is slow from what is not there
CLOCK_TOLERANCE_S = 1.0  # ids are ordered by the clocks of the machines that make them
KEEPS_EVERYTHING = "noeviction"


class Fault(Exception):
    """What is wrong, and what to do about it."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(what)
        self.advice = advice


@dataclass(frozen=True)
class Check:
    """`ask` returns what it found, or raises Fault."""

    name: str
    ask: Callable[[Settings], Awaitable[str]]


async def examine(settings: Settings) -> bool:
    """Print a table of all checks; whether all is well."""
    table = Table("", "Checked", "Found", "What to do")
    table.add_row("[green]ok[/]", "Settings", "complete and valid", "")
    well = True
    for check, result in zip(
        CHECKS, await asyncio.gather(*(_result(check, settings) for check in CHECKS)), strict=True
    ):
        if isinstance(result, Fault):
            well = False
            table.add_row("[red]fail[/]", check.name, str(result), result.advice)
        else:
            table.add_row("[green]ok[/]", check.name, result, "")
    Console().print(table)
    return well


async def _result(check: Check, settings: Settings) -> str | Fault:
    try:
        return await check.ask(settings)
    except Fault as fault:
        return fault


async def _postgres(settings: Settings) -> str:
    async with _connected(settings) as connection:
        return f"version {await connection.fetchval('show server_version')}"


async def _clock(settings: Settings) -> str:
    async with _connected(settings) as connection:
        asked = time.time()
        theirs = await connection.fetchval("select extract(epoch from clock_timestamp())::float8")
        ahead = theirs - (asked + time.time()) / 2
    if abs(ahead) > CLOCK_TOLERANCE_S:
        raise Fault(f"{ahead:+.1f} s between Postgres and this machine", "synchronise both with NTP")
    return f"{ahead:+.3f} s between Postgres and this machine"


async def _migrations(settings: Settings) -> str:
    async with _connected(settings):
        behind = await pending(settings.database_url.get_secret_value())
    if behind:
        raise Fault("the database is behind this code", "run `photofeed migrate`")
    return "the newest revision"


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    url = settings.database_url.get_secret_value()
    try:
        connection = await asyncpg.connect(url, timeout=PATIENCE_S, command_timeout=PATIENCE_S)
        try:
            yield connection
        finally:
            await connection.close()
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Fault(_said(error), "start Postgres, or correct PHOTOFEED_DATABASE_URL") from error


async def _timelines(settings: Settings) -> str:
    about = await _about_redis(settings.redis_url, "PHOTOFEED_REDIS_URL")
    return f"version {about.get('valkey_version') or about['redis_version']}"


async def _queue(settings: Settings) -> str:
    about = await _about_redis(
        settings.queue_redis_url or settings.redis_url, "PHOTOFEED_QUEUE_REDIS_URL or PHOTOFEED_REDIS_URL"
    )
    policy = about.get("maxmemory_policy", KEEPS_EVERYTHING)
    if policy != KEEPS_EVERYTHING:
        raise Fault(f"it may evict jobs: maxmemory-policy {policy}", f"set maxmemory-policy {KEEPS_EVERYTHING}")
    return f"maxmemory-policy {policy}"


async def _about_redis(url: SecretStr, variables: str) -> dict[str, Any]:
    """What INFO says: texts and numbers, by name."""
    redis = connect(url.get_secret_value(), timeout_s=PATIENCE_S)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return dict(await redis.info())
    except (OSError, TimeoutError, RedisError) as error:
        raise Fault(_said(error), f"start Redis, or correct {variables}") from error
    finally:
        await redis.aclose()


async def _objects(settings: Settings) -> str:
    try:
        async with wiring.running(settings) as app:
            await app.deps.objects.ping()
    except StoreUnavailable as error:
        advice = "start the object store or correct PHOTOFEED_S3_...; `photofeed migrate` makes the buckets"
        raise Fault(_said(error.__cause__ or error), advice) from error
    return f"buckets {settings.s3_upload_bucket}, {settings.s3_media_bucket} and {settings.s3_guarded_bucket}"


def _said(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


CHECKS = [
    Check("Postgres", _postgres),
    Check("Migrations", _migrations),
    Check("Redis, timelines", _timelines),
    Check("Redis, job queue", _queue),
    Check("Object store", _objects),
    Check("Clocks", _clock),
]
