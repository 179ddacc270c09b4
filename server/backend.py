"""What the HTTP edge needs of the application behind it; `wiring.App` is the real one."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from services.measures import Measure


class Backend(Protocol):
    async def context(self, token: str | None, user_agent: str | None, request_id: str) -> object:
        """The context of one operation; raises Unauthenticated for a token that is no good."""

    async def health(self) -> Mapping[str, str | None]:
        """Each dependency with what is wrong with it, in a few words; None where it is fine."""

    async def measures(self) -> Sequence[Measure]:
        """The figures of this moment, in a time that is bounded; what cannot be asked for is left out."""
