"""Accounts and profiles."""

from rules import accounts as rules
from rules.errors import Taken, UserFault, refuse_faults
from rules.text import text_fault
from services import signing_in
from services.deps import Deps
from services.events import PrivacyChanged
from services.signing_in import Opened
from settings import Settings
from stores.postgres import accounts, users
from stores.postgres.database import UnitOfWork
from stores.rows import User

NAME_TAKEN = "This name, or one that looks like it, is taken."


async def sign_up(
    deps: Deps, *, username: str, email: str, password: str, display_name: str | None, user_agent: str | None
) -> Opened:
    """Make an account and sign it in."""
    limits = deps.settings
    shown_name = username if display_name is None else display_name.strip()
    refuse_faults(
        rules.username_fault(username, "username"),
        rules.email_fault(email, "email"),
        rules.password_fault(
            password, "password", min_characters=limits.password_min_characters, max_bytes=limits.password_max_bytes
        ),
        _display_name_fault(limits, display_name),
    )
    name, hashed, user_id = rules.kept_username(username), await deps.passwords.hash(password), await deps.ids.mint()
    async with deps.database.unit_of_work() as uow:
        if not await users.add(
            uow.connection, user_id, username=name, skeleton=rules.skeleton(name), display_name=shown_name
        ):
            raise Taken(NAME_TAKEN, "username")
        if not await accounts.add(
            uow.connection, user_id, email=email, email_key=rules.kept_email(email), password_hash=hashed
        ):
            raise Taken("This address has an account: sign in instead.", "email")
        return await signing_in.open_session(deps, uow, user_id, user_agent=user_agent)


async def named(deps: Deps, username: str) -> User | None:
    """Whoever has this name, in small or capital letters."""
    async with deps.database.read() as connection:
        found = await users.by_usernames(connection, [rules.kept_username(username)])
    return found[0] if found else None


async def update_profile(
    deps: Deps,
    user_id: int,
    *,
    username: str | None = None,
    display_name: str | None = None,
    bio: str | None = None,
    is_private: bool | None = None,
) -> User:
    """Change what is given; None stays as it is."""
    limits = deps.settings
    values: dict[str, str] = {}
    if username is not None:
        refuse_faults(rules.username_fault(username, "username"))
        name = rules.kept_username(username)
        values |= {"username": name, "username_skeleton": rules.skeleton(name)}
    if display_name is not None:
        values["display_name"] = display_name.strip()
    if bio is not None:
        values["bio"] = bio
    refuse_faults(
        _display_name_fault(limits, display_name),
        text_fault(values.get("bio", ""), "bio", most=limits.bio_characters),
    )
    async with deps.database.unit_of_work() as uow:
        if is_private is not None:
            await _set_privacy(uow, user_id, is_private)
        user = await users.change(uow.connection, user_id, values)
        if user is None:
            raise Taken(NAME_TAKEN, "username")
    return user


async def _set_privacy(uow: UnitOfWork, user_id: int, is_private: bool) -> None:
    """The account is held: who follows meanwhile, or asks to, does so before the change or after it."""
    held = await users.locked(uow.connection, [user_id])
    if held[user_id].is_private != is_private:
        await users.change(uow.connection, user_id, {"is_private": is_private})
        await uow.announce(PrivacyChanged(user_id))


def _display_name_fault(limits: Settings, display_name: str | None) -> UserFault | None:
    """None where there is nothing to judge."""
    if display_name is None:
        return None
    return text_fault(display_name.strip(), "displayName", most=limits.display_name_characters, least=1)
