"""What every resolver is handed, as `info.context`."""

from dataclasses import dataclass

import strawberry

from execution.loader import Loaders
from loaders.scope import Scope
from resolvers.cursors import Cursors
from rules.errors import Unauthenticated
from services.deps import Deps
from services.signing_in import SignedIn


@dataclass(slots=True)
class Context:
    """Made for one operation; what it has loaded is not shared with any other."""

    deps: Deps
    cursors: Cursors
    viewer: SignedIn | None
    user_agent: str | None
    loaders: Loaders[Scope]

    def signed_in(self) -> SignedIn:
        """The viewer; raises `Unauthenticated` when there is none."""
        if self.viewer is None:
            raise Unauthenticated
        return self.viewer

    def become(self, viewer: SignedIn) -> None:
        """Go on in the name of who has just signed in."""
        self.viewer = viewer
        self.loaders = Loaders(Scope(self.deps.database, viewer.user_id))


Info = strawberry.Info[Context, None]


def context_of(deps: Deps, cursors: Cursors, viewer: SignedIn | None, user_agent: str | None) -> Context:
    scope = Scope(deps.database, viewer.user_id if viewer else None)
    return Context(deps, cursors, viewer, user_agent, Loaders(scope))
