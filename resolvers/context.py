"""What every resolver is handed, as `info.context`."""

from dataclasses import dataclass, field, replace

import strawberry

from execution.loader import Loaders
from execution.stamps import KeptAnswers
from loaders.audience import Audiences
from loaders.judged import Judged
from loaders.scope import Scope
from loaders.sights import Told
from resolvers.cursors import Cursors
from rules.errors import Unauthenticated
from services.deps import Deps
from services.live.events import Event
from services.signing_in import SignedIn
from stores.postgres.feed import Standing


@dataclass(slots=True)
class Context:
    """Made for one operation; what it has loaded is not shared with any other.

    Of a subscription: `resume_after` is the cursor of the last event that the client got, where the transport knows it;
    the loaders are those of the event that came last. `answers`: those that all operations keep, if they do.
    `standing`: the viewer's when the operation began, where that has been asked with the session.
    """

    deps: Deps
    cursors: Cursors
    viewer: SignedIn | None
    user_agent: str | None
    loaders: Loaders[Scope]
    audiences: Audiences
    answers: KeptAnswers | None
    resume_after: str | None = None
    standing: Standing | None = None
    beneath: list[Loaders[Scope]] = field(default_factory=list)
    """Those of the contexts that it has given for what is beneath fields of its own."""

    @property
    def viewer_id(self) -> int | None:
        return self.viewer.user_id if self.viewer else None

    def signed_in(self) -> SignedIn:
        """The viewer; raises `Unauthenticated` when there is none."""
        if self.viewer is None:
            raise Unauthenticated
        return self.viewer

    def become(self, viewer: SignedIn) -> None:
        """Go on in the name of who has just signed in."""
        self.viewer = viewer
        self.loaders = Loaders(Scope(self.deps.database, viewer.user_id))

    def told(self) -> "tuple[Context, Told | Judged]":
        """A context for what is beneath posts of which sights tell; and what is to be told."""
        if not self.deps.database.keeps_rows:
            judged = Judged(self.deps.database, self.viewer_id)
            self.beneath.append(judged.loaders)
            return replace(self, loaders=judged.loaders), judged
        told = Told(self.deps.database, self.viewer_id)
        self.beneath.append(told.loaders)
        deps = replace(self.deps, database=told.watched)
        return replace(self, deps=deps, loaders=told.loaders), told

    def learn(self, other: "Context") -> None:
        """What a context for what is beneath a field knows: graphql-core goes on with this one."""
        self.loaders.learn(other.loaders)

    def forget(self) -> None:
        """Load anew, from here on, what the viewer has changed, and whatever he may see, or no longer, since."""
        self.loaders = Loaders(Scope(self.deps.database, self.viewer_id))

    def turn_to(self, event: Event) -> None:
        """Load, from here on, what belongs to an event that this subscription is told of: nothing that is older."""
        self.loaders = self.audiences.of(event, event.viewer_ids).loaders(self.viewer_id)

    def release(self) -> None:
        """At the end of the operation: what was loaded need not wait for the garbage collector."""
        for loaders in (self.loaders, *self.beneath):
            loaders.release()

    def afresh(self) -> "Context":
        """The context of executing the event that was just yielded, whatever comes meanwhile."""
        return replace(self, beneath=[])


Info = strawberry.Info[Context, None]


def context_of(
    deps: Deps,
    cursors: Cursors,
    audiences: Audiences,
    answers: KeptAnswers | None,
    viewer: SignedIn | None,
    user_agent: str | None,
    resume_after: str | None,
) -> Context:
    scope = Scope(deps.database, viewer.user_id if viewer else None)
    return Context(deps, cursors, viewer, user_agent, Loaders(scope), audiences, answers, resume_after)
