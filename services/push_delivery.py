"""Messages to devices, many at once: what their push services answer, and what follows from it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

import structlog

from services.deps import Deps
from services.later import TryLater
from stores.postgres import push_subscriptions
from stores.postgres.outbox import Event
from stores.push_services import Answer, Message
from stores.redis.connection import cancelled
from stores.rows import PushSubscription

log = structlog.get_logger()

SHARE = 0.5
"""Of the time that a job has: devices that were not reached by then are left for later."""


async def to_all(
    deps: Deps, devices: Sequence[PushSubscription], message: Message, later: Callable[[PushSubscription], Event]
) -> None:
    """Drops the devices that are gone; for each that could not be told, announces the event `later`."""
    answers = await _answers(deps, devices, message)
    gone = [device.id for device, answer in answers if answer.outcome == "GONE"]
    waits: dict[float, list[Event]] = defaultdict(list)
    for device, answer in answers:
        if answer.outcome == "LATER":
            waits[max(answer.retry_after_s, deps.settings.job_retry_s)].append(later(device))
    if gone or waits:
        async with deps.database.unit_of_work() as uow:
            await push_subscriptions.drop(uow.connection, gone)
            for after_s, events in waits.items():
                await uow.announce(*events, after_s=after_s)


async def to_one(deps: Deps, device: PushSubscription, message: Message) -> None:
    """Drops the device if it is gone; `TryLater` where it could not be told."""
    [(_, answer)] = await _answers(deps, [device], message)
    if answer.outcome == "GONE":
        async with deps.database.unit_of_work() as uow:
            await push_subscriptions.drop(uow.connection, [device.id])
    elif answer.outcome == "LATER":
        raise TryLater(answer.reason, after_s=answer.retry_after_s)


async def _answers(
    deps: Deps, devices: Sequence[PushSubscription], message: Message
) -> list[tuple[PushSubscription, Answer]]:
    sending = [asyncio.create_task(deps.push_services.send(device, message)) for device in devices]
    try:
        await asyncio.wait(sending, timeout=deps.settings.job_timeout_s * SHARE)
    finally:
        await cancelled(*sending)
    return [(device, _answer(device, task)) for device, task in zip(devices, sending, strict=True)]


def _answer(device: PushSubscription, sending: asyncio.Task[Answer]) -> Answer:
    """What goes wrong with one device is no trouble of the others."""
    if sending.cancelled():
        return Answer("LATER", "no time was left")
    if error := sending.exception():
        log.error("push_failed", subscription=device.id, exc_info=error)
        return Answer("LATER", repr(error))
    if sending.result().outcome == "REFUSED":
        log.warning("push_refused", subscription=device.id, reason=sending.result().reason)
    return sending.result()
