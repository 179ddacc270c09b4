"""What can go wrong by anybody's fault but ours. Two families, as the contract has them.

A `UserFault` is what the person who sent the input can mend: it becomes an entry of `userErrors`.
A `Refusal` is what no person can mend: it becomes a GraphQL error with `extensions.code`.
Everything else is a bug: it is logged, and shown as INTERNAL with the request's id.
"""

from enum import Enum
from typing import ClassVar


class Refusal(Exception):
    """Its text is shown to the client; `extensions` go along."""

    code: ClassVar[str]

    @property
    def extensions(self) -> dict[str, object]:
        return {"code": self.code}


class Unauthenticated(Refusal):
    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Sign in first.") -> None:
        super().__init__(message)


class BadRequest(Refusal):
    """An argument out of range, or a cursor of another list."""

    code = "BAD_REQUEST"


class TooCostly(Refusal):
    """The operation asks for more than `limit` (of what, the text says)."""

    code = "TOO_COSTLY"

    def __init__(self, message: str, *, cost: int, limit: int) -> None:
        super().__init__(message)
        self.cost, self.limit = cost, limit

    @property
    def extensions(self) -> dict[str, object]:
        return {"code": self.code, "cost": self.cost, "limit": self.limit}


class Unavailable(Refusal):
    """Something that is needed is down or overloaded; worth another try after `retry_after_ms`."""

    code = "UNAVAILABLE"

    def __init__(self, message: str = "Photofeed cannot do this right now.", *, retry_after_ms: int = 1_000) -> None:
        super().__init__(message)
        self.retry_after_ms = retry_after_ms

    @property
    def extensions(self) -> dict[str, object]:
        return {"code": self.code, "retryAfterMs": self.retry_after_ms}


class TooSlow(Unavailable):
    """A subscriber does not keep up with its events; it may resume after the last one that it got."""

    def __init__(self) -> None:
        super().__init__("You read too slowly. Come back, and resume after the last event that you got.")


class CursorExpired(Refusal):
    """A subscription cannot be resumed from there: too much was missed, or too long ago."""

    code = "CURSOR_EXPIRED"

    def __init__(self) -> None:
        super().__init__("Too much has happened since. Read the list afresh, and go on from its liveCursor.")


class UserErrorCode(Enum):
    INVALID = "INVALID"
    TOO_LONG = "TOO_LONG"
    TOO_SHORT = "TOO_SHORT"
    TOO_MANY = "TOO_MANY"
    TAKEN = "TAKEN"
    NOT_FOUND = "NOT_FOUND"
    NOT_ALLOWED = "NOT_ALLOWED"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    EXPIRED = "EXPIRED"
    CONFLICT = "CONFLICT"
    NOT_READY = "NOT_READY"


class UserFault(Exception):
    """Plain words, fit to be shown, about the input field at the path `field` (None: none in particular)."""

    code: ClassVar[UserErrorCode]

    def __init__(self, message: str, *field: str) -> None:
        super().__init__(message)
        self.field = list(field) or None


class Invalid(UserFault):
    code = UserErrorCode.INVALID


class TooLong(UserFault):
    code = UserErrorCode.TOO_LONG


class TooShort(UserFault):
    code = UserErrorCode.TOO_SHORT


class TooMany(UserFault):
    code = UserErrorCode.TOO_MANY


class Taken(UserFault):
    code = UserErrorCode.TAKEN


class NotFound(UserFault):
    code = UserErrorCode.NOT_FOUND


class NotAllowed(UserFault):
    code = UserErrorCode.NOT_ALLOWED


class WrongCredentials(UserFault):
    code = UserErrorCode.WRONG_CREDENTIALS


class Expired(UserFault):
    code = UserErrorCode.EXPIRED


class Conflict(UserFault):
    code = UserErrorCode.CONFLICT


class NotReady(UserFault):
    code = UserErrorCode.NOT_READY


def refuse_faults(*faults: UserFault | None) -> None:
    """Raise all the faults there are, together, so that a person sees them at once."""
    found = [fault for fault in faults if fault is not None]
    if found:
        raise ExceptionGroup("the input has faults", found)
