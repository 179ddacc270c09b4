"""Whom a text names with @."""

from rules.text import mentions_in
from services.deps import Deps
from stores.postgres import users


async def mentioned(deps: Deps, text: str) -> list[int]:
    """The accounts, in order of first mention; names that nobody has are left out."""
    names = mentions_in(text)[: deps.settings.mentions_most]
    if not names:
        return []
    async with deps.database.read() as connection:
        found = {user.username: user.id for user in await users.by_usernames(connection, names)}
    return [found[name] for name in names if name in found]
