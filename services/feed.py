"""The home feed: which posts, in which order."""

from services.deps import Deps
from stores.postgres import follows, posts
from stores.rows import Entry


async def home(deps: Deps, viewer_id: int, below: int, most: int) -> list[Entry]:
    """The published posts of those whom the viewer follows and the viewer's own, latest published first.

    At most `most`, each strictly below the `feed_id` `below`; fewer only when there are no more.
    """
    async with deps.database.read() as connection:
        authors = [*await follows.followee_ids(connection, viewer_id), viewer_id]
        return await posts.latest_of(connection, authors, below=below, most=most)
