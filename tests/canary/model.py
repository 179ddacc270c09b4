"""The judge: who may have been allowed what, when; and which canary is whose.

The rule. A canary may be in an answer if its viewer may have been allowed it at any moment from the request's sending
to the answer's arrival: a change counts as done and as not done from its sending to its answer, and counts as it was
answered after that. An event of a subscription is a request from when its client waited for it, or from as much
earlier as one subscriber's answer is another's (`live_shared_s`). What hangs on two accounts, as a comment does on its
post's owner and on its author, may be there if each allowed it at some such moment: they are asked one after the other.
What was deleted before the request is allowed to nobody, not to its owner either.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import NamedTuple

from tests.canary.possible import Change, Tracked, moment
from tests.canary.standing import BY_OWNER, BY_VIEWER, VIEWS, Standing, accepted_by_job, go_private, go_public

NEVER = float("inf")
CANARY = re.compile(r"canary(\d+)of")


class Need(NamedTuple):
    """That the viewer has a view of an owner."""

    view: str
    owner: int


@dataclass
class Canary:
    """In some text of somebody's; `kind`: card, bio, post, media or comment."""

    kind: str
    needs: tuple[Need, ...]
    gone: float = NEVER
    """Since when the thing that it is in is deleted."""


@dataclass
class Thing:
    """A post, or a comment on one. `canaries`: of all its text."""

    id: str
    owner: int
    mentioned: tuple[int, ...]
    canaries: list[Canary]
    post: "Thing | None" = None
    media: str = ""
    is_deleting: bool = False
    """Somebody has sent its deletion."""
    is_gone: bool = False
    marks: dict[tuple[str, int], Tracked[bool]] = field(default_factory=dict)
    """Who may like it or have saved it."""


class Leak(NamedTuple):
    """What an answer had in it that it must not have."""

    viewer: int | None
    way: str
    canary: Canary
    begin: float
    end: float
    history: Mapping[Need, object]


class Model:
    """People go by their places; None is who is signed out."""

    def __init__(self, people: int) -> None:
        self.people, self.numbers = range(people), count(1)
        self.canaries: dict[int, Canary] = {}
        self.posts: dict[str, Thing] = {}
        self.comments: dict[str, Thing] = {}
        self.leaks: list[Leak] = []
        self.shown: dict[tuple[str, str], int] = {}
        """How many canaries each way has shown, by kind."""
        self.standings = {
            (viewer, owner): Tracked(Standing(), VIEWS, accepted_by_job)
            for viewer in (*self.people, None)
            for owner in self.people
            if viewer != owner
        }
        self.once_silent: set[tuple[int, int]] = set()
        """Pairs of whom one has ever muted or blocked the other: some of what they did, the other was never told."""

    # ------------------------------------------------------------------------------------ what is sent and answered

    def between(self, mutation: str, sender: int, other: int) -> list[tuple[Tracked[Standing], Change[Standing]]]:
        """What a mutation of somebody's that names another changes."""
        if mutation in ("blockUser", "muteUser"):
            self.once_silent |= {(sender, other), (other, sender)}
        changed: list[tuple[Tracked[Standing], Change[Standing]]] = []
        if mutation in BY_VIEWER:
            changed.append((self.standings[sender, other], BY_VIEWER[mutation]))
        if mutation in BY_OWNER:
            changed.append((self.standings[other, sender], BY_OWNER[mutation]))
        return changed

    def privacy(self, owner: int, is_private: bool) -> list[tuple[Tracked[Standing], Change[Standing]]]:
        change = go_private if is_private else go_public
        return [(tracked, change) for (_, one), tracked in self.standings.items() if one == owner]

    # ------------------------------------------------------------------------------------ canaries

    def canary(self, kind: str, *needs: Need) -> tuple[str, Canary]:
        """The text of a new one, and itself."""
        number = next(self.numbers)
        self.canaries[number] = made = Canary(kind, needs)
        return f"canary{number}of{needs[-1].owner}", made

    def delete(self, thing: Thing) -> None:
        """It is gone, and for a post, its comments with it."""
        now = moment()
        below = [one for one in self.comments.values() if one.post is thing]
        for one in (thing, *below):
            one.is_gone = True
            for canary in one.canaries:
                canary.gone = min(canary.gone, now)

    # ------------------------------------------------------------------------------------ answers

    def judge(
        self, viewer: int | None, way: str, answer: str, begin: float, stricter: Mapping[str, str] | None = None
    ) -> None:
        """Whether all canaries in an answer that has just arrived may be there.

        `stricter`: the view that this way needs for a kind of canary, in place of its own.
        """
        end = moment()
        for number in {int(found) for found in CANARY.findall(answer)}:
            canary = self.canaries[number]
            needs = [need._replace(view=(stricter or {}).get(canary.kind, need.view)) for need in canary.needs]
            shown = way, canary.kind
            self.shown[shown] = self.shown.get(shown, 0) + 1
            if canary.gone < begin or not all(self.may(viewer, need, begin, end) for need in needs):
                self.leaks.append(Leak(viewer, way, canary, begin, end, self._histories(viewer, needs)))

    def may(self, viewer: int | None, need: Need, begin: float, end: float) -> bool:
        return viewer == need.owner or self.standings[viewer, need.owner].may(need.view, begin, end)

    def _histories(self, viewer: int | None, needs: Iterable[Need]) -> dict[Need, object]:
        others = [need for need in needs if need.owner != viewer]
        return {need: self.standings[viewer, need.owner].history(need.view) for need in others}

    # ------------------------------------------------------------------------------------ at rest

    def standing(self, viewer: int | None, owner: int) -> Standing:
        """At rest, where all of it that has any effect has been found out."""
        return next(iter(self.standings[viewer, owner].states))

    def sees(self, viewer: int | None, view: str, owner: int) -> bool:
        return viewer == owner or VIEWS[view](self.standing(viewer, owner))


def marked(wanted: bool, state: bool) -> Iterable[tuple[bool, str]]:
    """What may come of a like or a save, or of taking it back: what is hidden or gone is not found."""
    yield wanted, "OK"
    yield state, "NOT_FOUND"


mark, unmark = partial(marked, True), partial(marked, False)
