"""Signing up, in and out, and one's own profile."""

from collections.abc import Awaitable, Sequence

import strawberry
from strawberry import UNSET

from loaders.users import OwnAccountById
from resolvers.context import Context, Info
from resolvers.results import Result, mutation
from rules.errors import Invalid, refuse_faults
from rules.node_ids import id_of
from services import accounts, signing_in
from services.signing_in import Opened
from stores.postgres import sessions as session_rows
from stores.rows import Account, Session


def viewer(info: Info) -> Account | Awaitable[Account | None] | None:
    """The signed-in account."""
    signed_in = info.context.viewer
    return signed_in and info.context.loaders[OwnAccountById].known_or_load(signed_in.user_id)


def is_email_verified(root: Account) -> bool:
    return root.email_verified_at is not None


def is_current(root: Session, info: Info) -> bool:
    return info.context.viewer is not None and info.context.viewer.session_id == root.id


async def sessions(info: Info) -> Sequence[Session]:
    deps = info.context.deps
    async with deps.database.read() as connection:
        return await session_rows.of_user(connection, info.context.signed_in().user_id, deps.settings.sessions_listed)


@strawberry.input
class SignUpInput:
    username: str
    email: str
    password: str
    display_name: str | None = None


@mutation
async def sign_up(info: Info, input: SignUpInput) -> Result:
    context = info.context
    opened = await accounts.sign_up(
        context.deps,
        username=input.username,
        email=input.email,
        password=input.password,
        display_name=input.display_name,
        user_agent=context.user_agent,
    )
    return await _signed_in(context, opened)


@strawberry.input
class LogInInput:
    login: str = strawberry.field(description="A username or an e-mail address.")
    password: str


@mutation
async def log_in(info: Info, input: LogInInput) -> Result:
    context = info.context
    opened = await signing_in.log_in(context.deps, input.login, input.password, user_agent=context.user_agent)
    return await _signed_in(context, opened)


@strawberry.input
class RefreshSessionInput:
    refresh_token: str


@mutation
async def refresh_session(info: Info, input: RefreshSessionInput) -> Result:
    return await _signed_in(info.context, await signing_in.refresh(info.context.deps, input.refresh_token))


@strawberry.input
class LogOutInput:
    everywhere: bool | None = strawberry.field(
        default=False, description="Every session of the account; otherwise the current one."
    )


@mutation
async def log_out(info: Info, input: LogOutInput) -> Result:
    await signing_in.log_out(info.context.deps, info.context.signed_in(), everywhere=bool(input.everywhere))
    return Result()


@strawberry.input
class RevokeSessionInput:
    session_id: strawberry.ID


@mutation
async def revoke_session(info: Info, input: RevokeSessionInput) -> Result:
    await signing_in.revoke(info.context.deps, info.context.signed_in(), id_of("Session", input.session_id))
    return Result()


@strawberry.input
class ChangePasswordInput:
    current_password: str
    new_password: str


@mutation
async def change_password(info: Info, input: ChangePasswordInput) -> Result:
    await signing_in.change_password(
        info.context.deps, info.context.signed_in(), current=input.current_password, new=input.new_password
    )
    return Result()


@strawberry.input
class UpdateProfileInput:
    username: str | None = UNSET
    display_name: str | None = UNSET
    bio: str | None = UNSET
    is_private: bool | None = UNSET


@mutation
async def update_profile(info: Info, input: UpdateProfileInput) -> Result:
    user_id = info.context.signed_in().user_id
    refuse_faults(
        Invalid("An account has a name.", "username") if input.username is None else None,
        Invalid("A profile has a name.", "displayName") if input.display_name is None else None,
        Invalid("An account is private, or it is not.", "isPrivate") if input.is_private is None else None,
    )
    user = await accounts.update_profile(
        info.context.deps,
        user_id,
        username=input.username if input.username is not UNSET else None,
        display_name=input.display_name if input.display_name is not UNSET else None,
        bio=(input.bio or "") if input.bio is not UNSET else None,
        is_private=input.is_private if input.is_private is not UNSET else None,
    )
    info.context.forget()
    return Result(user=user)


async def _signed_in(context: Context, opened: Opened) -> Result:
    """The payload of whatever opens or goes on with a session; what is asked of it is asked in its name."""
    context.become(opened.signed_in)
    account = await context.loaders[OwnAccountById].load(opened.signed_in.user_id)
    return Result(tokens=opened.tokens, viewer=account)
