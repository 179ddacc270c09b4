"""Posts of which sights tell, where no rows are kept: sights tell how the viewer stands to them, and no more."""

from collections.abc import Sequence

from execution.loader import Loaders
from loaders.posts import PostById, VisiblePostById
from loaders.reactions import LikedByViewer, SavedByViewer
from loaders.scope import Scope
from loaders.users import PersonById
from stores.postgres import posts
from stores.postgres.database import Database
from stores.postgres.sights import Sight
from stores.rows import Person, Post


class Judged:
    """As `loaders.sights.Told`; whatever else is shown of the posts is asked for."""

    def __init__(self, database: Database, viewer_id: int | None) -> None:
        self._database = database
        self.loaders = Loaders(Scope(database, viewer_id))

    def is_all(self) -> bool:
        """Versions that nothing was kept of tell of no row."""
        return False

    async def posts(self, sights: Sequence[Sight]) -> list[Post | None]:
        """In the order of the sights; None for what is erased since.

        Whatever has changed since the sight, the post is shown as it was allowed then.
        """
        found = await self._database.ask(posts.with_authors, [sight.id for sight in sights])
        seen = [(*rows, sight) for rows, sight in zip(found, sights, strict=True) if rows is not None]
        shown = {post.id: post for post, _, _ in seen}
        self.loaders[PostById].prime_many(shown)
        self.loaders[VisiblePostById].prime_many(shown)
        self.loaders[PersonById].prime_many({author.id: Person(author, sight.relation) for _, author, sight in seen})
        marks = {post.id: sight.marks for post, _, sight in seen}
        self.loaders[LikedByViewer].prime_many({post_id: is_liked for post_id, (is_liked, _) in marks.items()})
        self.loaders[SavedByViewer].prime_many({post_id: is_saved for post_id, (_, is_saved) in marks.items()})
        return [rows and rows[0] for rows in found]
