"""What mutations give: rows by name, or what the person has to mend."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, ParamSpec

from rules.errors import UserErrorCode, UserFault

P = ParamSpec("P")


class UserError(NamedTuple):
    code: UserErrorCode
    field: list[str] | None
    message: str


class Result:
    """A payload's values as attributes; those not given are None."""

    def __init__(self, user_errors: list[UserError] | None = None, **values: object) -> None:
        self.user_errors = user_errors or []
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):  # what Python itself asks for, to know what kind of object this is
            raise AttributeError(name)


def mutation(resolve: Callable[P, Awaitable[Result]]) -> Callable[P, Awaitable[Result]]:
    """Let a mutation answer with the `UserFault`s that it raises."""

    @functools.wraps(resolve)
    async def answer(*args: P.args, **kwargs: P.kwargs) -> Result:
        faults: list[UserError] = []
        try:
            return await resolve(*args, **kwargs)
        except* UserFault as group:
            faults = [UserError(fault.code, fault.field, str(fault)) for fault in _leaves(group)]
        return Result(faults)

    return answer


def _leaves(group: BaseExceptionGroup[Any]) -> list[UserFault]:
    return [
        leaf for one in group.exceptions for leaf in (_leaves(one) if isinstance(one, BaseExceptionGroup) else [one])
    ]
