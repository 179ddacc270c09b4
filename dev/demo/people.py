"""The demo's people and their accounts."""

from dev.pictures import Person
from services import accounts, signing_in
from services.deps import Deps
from stores.postgres import accounts as rows

NEWCOMER = Person(username="robin.has.arrived", display_name="Robin", bio="Just here to look, for now.")
"""Whose feed is empty. The same in every version of the demo."""


async def joined(deps: Deps, person: Person, password: str) -> int:
    """The id of somebody's account, which is made where there is none."""
    user_id = await account_of(deps, person)
    if user_id is None:
        opened = await accounts.sign_up(
            deps,
            username=person.username,
            email=_email(person),
            password=password,
            display_name=person.display_name,
            user_agent=None,
        )
        await signing_in.log_out(deps, opened.signed_in, everywhere=False)
        user_id = opened.signed_in.user_id
    await accounts.update_profile(deps, user_id, bio=person.bio)
    return user_id


async def account_of(deps: Deps, person: Person) -> int | None:
    """By the address, which nobody but us has."""
    async with deps.database.read() as connection:
        account = await rows.by_login(connection, _email(person))
    return None if account is None else account.id


def _email(person: Person) -> str:
    return f"{person.username}@demo.photofeed.example"
