"""Who sends a token, and where he stands: what each request for the home feed asks first."""

from functools import partial

from bench.data_path.stage import Stage
from bench.data_path.ways import TOGETHER, Comparison, Way
from services import signing_in
from services.deps import Deps
from services.feed import NEWEST_FOLLOWS, entered
from services.signing_in import SignedIn
from stores.postgres import feed
from stores.postgres.feed import Standing
from stores.rows import Account

Entered = tuple[SignedIn, Account, Standing]


def comparison(stage: Stage) -> Comparison[str, Entered]:
    """Of tokens."""
    deps = stage.bench.app.deps
    in_turn, merged = partial(one_after_the_other, deps), partial(entered, deps)
    return Comparison(
        "Signing in, and the standing",
        [
            Way("authenticate, standing", in_turn),
            Way("entered", merged),
            Way("authenticate, standing, shared", in_turn, TOGETHER),
            Way("entered, shared", merged, TOGETHER),
        ],
        stage.people.tokens,
        plain,
    )


async def one_after_the_other(deps: Deps, token: str) -> Entered:
    """As `entered`, in two statements."""
    signed_in, account = await signing_in.authenticate(deps, token)
    undrained = deps.settings.strong_mode_posts
    standing = await feed.standing(deps.database, signed_in.user_id, newest=NEWEST_FOLLOWS, undrained=undrained)
    return signed_in, account, standing


def plain(found: Entered) -> object:
    """All but the time of day."""
    signed_in, account, standing = found
    return signed_in, account, standing._replace(now=0)
