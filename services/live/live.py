"""All that a process follows for its subscribers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from services.live import topics
from services.live.rounds import Tempo
from services.live.tails import Source, Tails, Viewers, everybody
from services.live.watches import Watches
from settings import Settings
from stores.postgres import live, marks
from stores.postgres.database import Database
from stores.postgres.live import Happening
from stores.redis.wakes import Wakes

GATHER_S = 0.02
"""What happens within it is read, and matched with its audience, together."""
GATHER_CHANGES_S = 0.1
"""Of a post; nobody is told of more than two in a second."""


@dataclass(frozen=True, slots=True)
class Live:
    publications: Tails
    comments: Tails
    inboxes: Tails
    posts: Watches

    async def run(self) -> None:
        """Look after everything until cancelled."""
        await asyncio.gather(self.publications.run(), self.comments.run(), self.inboxes.run(), self.posts.run())


def live_of(settings: Settings, database: Database, wakes: Wakes) -> Live:
    poll_s, look_s = settings.live_poll_s, settings.live_look_s
    return Live(
        publications=Tails(database, wakes, _PUBLICATIONS, Tempo(poll_s, poll_s, GATHER_S)),
        comments=Tails(database, wakes, _COMMENTS, Tempo(look_s, poll_s, GATHER_S)),
        inboxes=Tails(database, wakes, _INBOXES, Tempo(look_s, poll_s, GATHER_S)),
        posts=Watches(database, wakes, Tempo(look_s, poll_s, GATHER_CHANGES_S)),
    )


async def _latest_publication(connection: AsyncConnection, _: int) -> int:
    return await marks.latest_publication(connection)


async def _with_it_in_their_feeds(
    connection: AsyncConnection, found: Sequence[Happening], viewers: Viewers
) -> Sequence[Viewers]:
    """The authors and their followers."""
    signed_in = {viewer_id for viewer_id in viewers if viewer_id is not None}
    followers = await live.followers_among(connection, {row.author_id for row in found}, signed_in)
    return [followers[row.author_id] | (signed_in & {row.author_id}) for row in found]


_PUBLICATIONS = Source(
    lambda _: topics.PUBLICATIONS, _latest_publication, live.publications_after, _with_it_in_their_feeds
)
_COMMENTS = Source(topics.comments, live.last_comment, live.comments_after, everybody)
_INBOXES = Source(topics.inbox, live.last_notification, live.notifications_after, everybody)
