"""`photofeed doctor`: asks each dependency how it is, and says what to do about what is wrong."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table

import wiring
from migrations.run import pending
from settings import Settings
from stores.errors import StoreUnavailable
from stores.redis.connection import connect

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
    return f"version {await _from_postgres(settings, 'show server_version')}"


async def _clock(settings: Settings) -> str:
    asked = time.time()
    theirs = float(await _from_postgres(settings, "select extract(epoch from clock_timestamp())::float8"))
    ahead = theirs - (asked + time.time()) / 2
    if abs(ahead) > CLOCK_TOLERANCE_S:
        raise Fault(f"{ahead:+.1f} s between Postgres and this machine", "synchronise both with NTP")
    return f"{ahead:+.3f} s between Postgres and this machine"


async def _from_postgres(settings: Settings, query: str) -> str:
    try:
        url, timeout_s = settings.database_url.get_secret_value(), settings.database_connect_timeout_s
        connection = await asyncpg.connect(url, timeout=timeout_s, command_timeout=timeout_s)
        try:
            return str(await connection.fetchval(query))
        finally:
            await connection.close()
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Fault(_said(error), "start Postgres, or correct PHOTOFEED_DATABASE_URL") from error


async def _migrations(settings: Settings) -> str:
    await _postgres(settings)
    if await pending(settings.database_url.get_secret_value()):
        raise Fault("the database is behind this code", "run `photofeed migrate`")
    return "the newest revision"


async def _redis(settings: Settings) -> str:
    redis = connect(settings.redis_url.get_secret_value(), timeout_s=settings.redis_timeout_s)
    try:
        about = await redis.info()
    except (OSError, RedisError) as error:
        raise Fault(_said(error), "start Redis, or correct PHOTOFEED_REDIS_URL") from error
    finally:
        await redis.aclose()
    policy = about.get("maxmemory_policy", KEEPS_EVERYTHING)
    if policy != KEEPS_EVERYTHING:
        raise Fault(f"it may evict jobs (maxmemory-policy {policy})", f"set maxmemory-policy {KEEPS_EVERYTHING}")
    return f"version {about.get('valkey_version') or about['redis_version']}, keeps what it is given"


async def _objects(settings: Settings) -> str:
    try:
        async with wiring.running(settings) as app:
            await app.deps.objects.ping()
    except StoreUnavailable as error:
        advice = "start the object store or correct PHOTOFEED_S3_...; `photofeed migrate` makes the buckets"
        raise Fault(_said(error.__cause__ or error), advice) from error
    return f"buckets {settings.s3_upload_bucket} and {settings.s3_media_bucket}"


def _said(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


CHECKS = [
    Check("Postgres", _postgres),
    Check("Migrations", _migrations),
    Check("Redis", _redis),
    Check("Object store", _objects),
    Check("Clocks", _clock),
]
