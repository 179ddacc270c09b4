"""What the HTTP edge needs of the application behind it; `wiring.App` is the real one."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from services.measures import Measure
from services.signing_in import SignedIn


class OperationContext(Protocol):
    """What resolvers are handed; made for one operation."""

    @property
    def viewer(self) -> SignedIn | None: ...

    def afresh(self) -> "OperationContext":
        """What resolvers are handed for one event of a subscription that began in this context.

        Called when the subscription's resolver has yielded the event, before it is asked for the next one.
        """

    def release(self) -> None:
        """The operation, or the event, is answered: let go of what was loaded for it."""


class Backend(Protocol):
    async def context(
        self,
        token: str | None,
        user_agent: str | None,
        request_id: str,
        *,
        resume_after: str | None = None,
        reads_feed: bool = False,
    ) -> OperationContext:
        """The context of one operation; raises Unauthenticated for a token that is no good.

        `resume_after` is the cursor after which a subscription goes on, in place of its argument `after`. `reads_feed`:
        whether the operation is a query of the viewer's home feed, which then has less to ask.
        """

    async def ended_sessions(self, session_ids: Sequence[int]) -> set[int]:
        """Those of the sessions that go on no more."""

    async def health(self) -> Mapping[str, str | None]:
        """Each dependency with what is wrong with it, in a few words; None where it is fine."""

    async def measures(self) -> Sequence[Measure]:
        """The figures of this moment, in a time that is bounded; what cannot be asked for is left out."""
