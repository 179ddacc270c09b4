"""Figures of this process and of the stores, for whoever collects them."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from services.deps import Deps
from stores.errors import StoreUnavailable
from stores.postgres import fan_outs, outbox
from stores.postgres.fan_outs import FanOutBacklog
from stores.postgres.outbox import Backlog


class Measure(NamedTuple):
    """A figure for each value of `label`, or the one under "" where it has no label. A counter only grows."""

    kind: Literal["counter", "gauge"]
    name: str
    about: str
    label: str | None
    figures: Mapping[str, float]


async def taken(deps: Deps, *, jobs: Iterable[str]) -> list[Measure]:
    """The figures of this moment; without those of Postgres where it does not answer within `health_timeout_s`.

    `jobs`: the names of all jobs, so that one with nothing to do has its zeros.
    """
    try:
        async with asyncio.timeout(deps.settings.health_timeout_s), deps.database.read() as connection:
            unfinished, undrained = await outbox.backlogs(connection), await fan_outs.backlog(connection)
    except (StoreUnavailable, TimeoutError):
        return _of_process(deps)
    return [*_of_process(deps), *_of_outbox(unfinished, jobs), *_of_fan_outs(undrained)]


def _of_process(deps: Deps) -> list[Measure]:
    ways = {str(way): count for way, count in deps.tally.feed_reads.items()}
    is_open = deps.timelines.breaker.is_open
    return [
        Measure("counter", "feed_reads", "Pages of home feeds, by the way they were found.", "way", ways),
        _single("redis_breaker_open", "1 while timelines are not asked for, as Redis does not answer.", is_open),
    ]


def _of_outbox(backlogs: Iterable[Backlog], jobs: Iterable[str]) -> list[Measure]:
    by_job = {job: Backlog(job, 0, 0, 0.0) for job in jobs} | {backlog.job: backlog for backlog in backlogs}
    all_of_them = by_job.values()
    return [
        _by_job("waiting", "Announced jobs to be done.", {of.job: of.waiting for of in all_of_them}),
        _by_job("set_aside", "Jobs that failed too often.", {of.job: of.set_aside for of in all_of_them}),
        _by_job("oldest_seconds", "Age of the oldest that waits.", {of.job: of.oldest_s for of in all_of_them}),
    ]


def _of_fan_outs(backlog: FanOutBacklog) -> list[Measure]:
    return [
        _single("fan_outs_undrained", "Published posts that are not on all timelines yet.", backlog.undrained),
        _single("fan_outs_oldest_seconds", "Since the first of them was published.", backlog.oldest_s),
    ]


def _by_job(what: str, about: str, figures: Mapping[str, float]) -> Measure:
    return Measure("gauge", f"outbox_jobs_{what}", about, "job", figures)


def _single(name: str, about: str, figure: float) -> Measure:
    return Measure("gauge", name, about, None, {"": figure})
