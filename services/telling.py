"""How people come to be told: activities into notifications, of many recipients at once, each activity once.

`tell` and whatever else writes notifications holds the inboxes of their recipients first, and reads the truth after
that. So jobs that are repeated, late, reordered or run at once write what is so in the end.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, NamedTuple

from rules.access import is_told
from services.deps import Deps
from services.events import NotificationGrown
from services.live import topics
from stores.ids import floor_of
from stores.postgres import activities, inboxes, notifications, relations
from stores.postgres.activities import Changed, Key, Known
from stores.postgres.database import UnitOfWork
from stores.postgres.notifications import Subject


class Fact(NamedTuple):
    """That an activity is so, or (`holds` false) is not. Alike ones with the same subject are one notification."""

    key: Key
    holds: bool
    subject_id: int
    post_id: int | None = None
    comment_id: int | None = None

    @property
    def subject(self) -> Subject:
        return Subject(self.key.recipient_id, self.key.kind, self.subject_id)


class Placed(NamedTuple):
    """A new activity, with its place in its recipient's inbox and the notification that it is in."""

    fact: Fact
    place: int
    notification_id: int

    @property
    def changed(self) -> Changed:
        return Changed(self.notification_id, self.fact.key.actor_id)

    @property
    def row(self) -> dict[str, object]:
        return {**self.fact.key._asdict(), "notification_id": self.notification_id, "place": self.place}


async def tell(deps: Deps, uow: UnitOfWork, facts: Sequence[Fact]) -> None:
    """Have the recipients' inboxes, which are held, say these facts, each of which is given once.

    Only what never happened before grows a notification. A constant number of statements, however many facts.
    """
    if not facts:
        return
    known = await activities.known(uow.connection, [fact.key for fact in facts])
    turned = [fact for fact in facts if fact.key in known and known[fact.key].is_undone == fact.holds]
    await activities.turn(uow.connection, [fact.key for fact in turned])
    new = await _welcome(uow, [fact for fact in facts if fact.holds and fact.key not in known])
    placed = await _placed(deps, uow, new)
    changes = _changes(turned, known, placed)
    if changes:
        await notifications.recount(uow.connection, changes)
    await _announce(uow, placed)


def _changes(turned: Iterable[Fact], known: dict[Key, Known], placed: Iterable[Placed]) -> Counter[Changed]:
    changes = Counter(one.changed for one in placed)
    for fact in turned:
        changes[Changed(known[fact.key].notification_id, fact.key.actor_id)] += 1 if fact.holds else -1
    return changes


async def _welcome(uow: UnitOfWork, new: Sequence[Fact]) -> list[Fact]:
    """Those whose recipients are told of what their actors do. What was told before is not for a mute to undo."""
    if not new:
        return []
    people = await relations.seen(uow.connection, [(fact.key.recipient_id, fact.key.actor_id) for fact in new])
    told = {pair for pair, person in people.items() if is_told(person.relation)}
    return [fact for fact in new if (fact.key.recipient_id, fact.key.actor_id) in told]


async def _placed(deps: Deps, uow: UnitOfWork, new: Sequence[Fact]) -> list[Placed]:
    """Add new activities to open notifications, or to new ones, in their order."""
    if not new:
        return []
    groups = await _groups(deps, uow, new)
    numbers = Counter(fact.key.recipient_id for fact in new)
    earliest = floor_of(time.time_ns() // 1_000_000)
    highest = await inboxes.make_room(uow.connection, numbers, earliest=earliest)
    places = {recipient_id: count(highest[recipient_id] - number + 1) for recipient_id, number in numbers.items()}
    placed = [Placed(fact, next(places[fact.key.recipient_id]), groups[fact.subject]) for fact in new]
    await activities.add(uow.connection, [one.row for one in placed])
    return placed


async def _groups(deps: Deps, uow: UnitOfWork, new: Sequence[Fact]) -> dict[Subject, int]:
    """The notification of each subject: one that began within the window, else a new one."""
    first = {fact.subject: fact for fact in reversed(new)}
    groups = await notifications.open_ones(uow.connection, first, window_s=deps.settings.notification_window_s)
    begun = [fact for subject, fact in first.items() if subject not in groups]
    rows = [await _begun(deps, fact) for fact in begun]
    await notifications.add(uow.connection, rows)
    return groups | {fact.subject: row["id"] for fact, row in zip(begun, rows, strict=True)}


async def _begun(deps: Deps, fact: Fact) -> dict[str, Any]:
    """The row of a notification that has no activities yet."""
    about = {"post_id": fact.post_id, "comment_id": fact.comment_id, "place": 0}
    return {"id": await deps.ids.mint(), **fact.subject._asdict(), **about}


async def _announce(uow: UnitOfWork, placed: Sequence[Placed]) -> None:
    """Once for each notification that grew, with the highest of its new places."""
    grown = {one.notification_id: one for one in placed}
    await uow.announce(*(NotificationGrown(one.notification_id, one.place) for one in grown.values()))
    for one in grown.values():
        uow.wake(topics.inbox(one.fact.key.recipient_id))
