"""What people do to each other in a laboratory, told to the model at the same time."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from rules.errors import NotFound
from services import accounts, blocking, following
from services.deps import Deps
from tests.timelines.laboratory import Laboratory
from tests.timelines.relations import Relations

Deed = Callable[[Deps, int, int], Coroutine[Any, Any, None]]


class Dealings:
    """`note_change` is called after each."""

    def __init__(self, lab: Laboratory, relations: Relations, note_change: Callable[[], None]) -> None:
        self._lab, self._relations, self._note_change = lab, relations, note_change

    def follow(self, follower: int, followee: int) -> None:
        self._do(following.follow, follower, followee, is_allowed=self._relations.follow(follower, followee))

    def unfollow(self, follower: int, followee: int) -> None:
        self._do(following.unfollow, follower, followee, is_allowed=self._relations.unfollow(follower, followee))

    def accept(self, user: int, requester: int) -> None:
        self._do(following.accept, user, requester, is_allowed=self._relations.accept(user, requester))

    def decline(self, user: int, requester: int) -> None:
        self._do(following.decline, user, requester, is_allowed=self._relations.decline(user, requester))

    def block(self, user: int, other: int) -> None:
        self._do(blocking.block, user, other, is_allowed=self._relations.block(user, other))

    def unblock(self, user: int, other: int) -> None:
        self._do(blocking.unblock, user, other, is_allowed=self._relations.unblock(user, other))

    def mute(self, user: int, other: int) -> None:
        self._do(blocking.mute, user, other, is_allowed=self._relations.mute(user, other))

    def unmute(self, user: int, other: int) -> None:
        self._do(blocking.unmute, user, other, is_allowed=self._relations.unmute(user, other))

    def go_private(self, user: int) -> None:
        self._set_privacy(user, is_private=True)
        self._relations.private.add(user)

    def go_public(self, user: int) -> None:
        self._set_privacy(user, is_private=False)
        self._relations.private.discard(user)

    def note_accepted(self, user: int) -> None:
        """Whom a job has let follow since this was asked last: those who had asked to, while the account is public."""
        open_ = self._lab.run(self._lab.pairs())["requests"]
        for requester, asked in self._relations.requests - open_:
            assert asked == user, "a request is gone that nobody answered"
            assert user not in self._relations.private, "a private account is followed unaccepted"
            self._relations.accept(user, requester)
            self._note_change()

    def _do(self, deed: Deed, one: int, other: int, *, is_allowed: bool) -> None:
        """To people who are apart, the other is not there."""
        if is_allowed:
            self._lab.run(deed(self._lab.deps, one, other))
        else:
            with pytest.raises(NotFound):
                self._lab.run(deed(self._lab.deps, one, other))
        self._note_change()

    def _set_privacy(self, user: int, *, is_private: bool) -> None:
        given = {"username": None, "display_name": None, "bio": None}
        self._lab.run(accounts.update_profile(self._lab.deps, user, **given, is_private=is_private))
        self._note_change()
