"""Sessions: opened by signing up or in, kept by refreshing, ended by signing out. Every request asks for its row."""

from collections.abc import Sequence
from typing import NamedTuple

from rules import accounts as account_rules
from rules.errors import Expired, Invalid, NotFound, Unauthenticated, WrongCredentials, refuse_faults
from rules.text import is_storable
from services.deps import Deps
from services.tokens import Claim, Pair, RefreshClaim
from stores.postgres import accounts, sessions
from stores.postgres.database import UnitOfWork
from stores.rows import Account, Session

USER_AGENT_CHARACTERS = 300


class SignedIn(NamedTuple):
    """Whose request this is, by which session, and until when his access token is good."""

    user_id: int
    session_id: int
    ends_at: float  # seconds since the epoch


class Opened(NamedTuple):
    tokens: Pair
    signed_in: SignedIn


async def authenticate(deps: Deps, access_token: str) -> tuple[SignedIn, Account]:
    """Who sends this token; `Unauthenticated` when it is not valid, or its session has ended."""
    claim = deps.tokens.read_access(access_token)
    [account] = await deps.database.ask(sessions.accounts_of, [claim.session_id])
    return SignedIn(*claim), admitted(claim, account)


def admitted(claim: Claim, owner: Account | None) -> Account:
    """The owner of the session; `Unauthenticated` where there is none, or it is not of whom the token says."""
    if owner is None or owner.id != claim.user_id:
        raise Unauthenticated("This session has ended: sign in again.")
    return owner


async def ended(deps: Deps, session_ids: Sequence[int]) -> set[int]:
    """Those of the sessions that go on no more."""
    owners = await deps.database.ask(sessions.accounts_of, session_ids)
    return {session_id for session_id, owner in zip(session_ids, owners, strict=True) if owner is None}


async def log_in(deps: Deps, login: str, password: str, *, user_agent: str | None) -> Opened:
    """Open a session. An unknown account takes as long as a wrong password, and says the same."""
    wrong = WrongCredentials("There is no account with this name and password.")
    if len(password) > deps.settings.password_max_bytes or not is_storable(password):
        raise wrong
    async with deps.database.read() as connection:
        account = await accounts.by_login(connection, login.strip().lower()) if is_storable(login) else None
    if not await deps.passwords.verify(account.password_hash if account else None, password) or account is None:
        raise wrong
    rehashed = await deps.passwords.hash(password) if deps.passwords.is_outdated(account.password_hash) else None
    async with deps.database.unit_of_work() as uow:
        if not await _has_kept_password(uow, account):
            raise wrong
        if rehashed is not None:
            await accounts.set_password_hash(uow.connection, account.id, rehashed)
        return await open_session(deps, uow, account.id, user_agent=user_agent)


async def open_session(deps: Deps, uow: UnitOfWork, user_id: int, *, user_agent: str | None) -> Opened:
    session_id = await deps.ids.mint()
    session = await sessions.add(uow.connection, session_id, user_id, _storable(user_agent))
    return _opened(deps, session)


async def refresh(deps: Deps, refresh_token: str) -> Opened:
    """The next pair of tokens. The same token again gets the same pair for a while; later, its session ends."""
    claim = deps.tokens.read_refresh(refresh_token)
    if claim is None:
        raise Invalid("This is not a refresh token.", "refreshToken")
    async with deps.database.unit_of_work() as uow:
        session = await _next_generation(deps, uow, claim)
    if session is None:
        raise Expired("This session has ended: sign in again.", "refreshToken")
    return _opened(deps, session)


async def log_out(deps: Deps, signed_in: SignedIn, *, everywhere: bool) -> None:
    async with deps.database.unit_of_work() as uow:
        if everywhere:
            await sessions.end_all(uow.connection, signed_in.user_id)
        else:
            await sessions.end(uow.connection, signed_in.session_id)


async def revoke(deps: Deps, signed_in: SignedIn, session_id: int | None) -> None:
    """End one of one's own sessions."""
    async with deps.database.unit_of_work() as uow:
        if session_id is None or not await sessions.end(uow.connection, session_id, of_user=signed_in.user_id):
            raise NotFound("There is no such session.", "sessionId")


async def change_password(deps: Deps, signed_in: SignedIn, *, current: str, new: str) -> None:
    """Ends every other session."""
    limits = deps.settings
    refuse_faults(
        account_rules.password_fault(
            new, "newPassword", min_characters=limits.password_min_characters, max_bytes=limits.password_max_bytes
        )
    )
    async with deps.database.read() as connection:
        [account] = await accounts.by_ids(connection, [signed_in.user_id])
    wrong = WrongCredentials("This is not your current password.", "currentPassword")
    possible = len(current) <= limits.password_max_bytes and is_storable(current)
    if not possible or not await deps.passwords.verify(account.password_hash, current):
        raise wrong
    hashed = await deps.passwords.hash(new)
    async with deps.database.unit_of_work() as uow:
        if not await _has_kept_password(uow, account):
            raise wrong
        await accounts.set_password_hash(uow.connection, signed_in.user_id, hashed)
        await sessions.end_all(uow.connection, signed_in.user_id, but=signed_in.session_id)


def _opened(deps: Deps, session: Session) -> Opened:
    tokens = deps.tokens.pair(session)
    return Opened(tokens, SignedIn(session.user_id, session.id, tokens.access_token_expires_at.timestamp()))


async def _has_kept_password(uow: UnitOfWork, account: Account) -> bool:
    """Whether the password is what it was when it was verified, which took a while; then it stays until the commit."""
    held = await accounts.locked(uow.connection, account.id)
    return held is not None and held.password_hash == account.password_hash


async def _next_generation(deps: Deps, uow: UnitOfWork, claim: RefreshClaim) -> Session | None:
    """The session after a swap of its refresh token; None where it has ended, or ends for this."""
    session_id, generation, limits = claim.session_id, claim.generation, deps.settings
    session = await sessions.rotate(
        uow.connection, session_id, generation, within_s=limits.refresh_token_s
    ) or await sessions.just_rotated(uow.connection, session_id, generation, within_s=limits.refresh_grace_s)
    if session is None:
        await sessions.end(uow.connection, session_id)
    return session


def _storable(user_agent: str | None) -> str | None:
    return user_agent and user_agent.replace("\x00", "")[:USER_AGENT_CHARACTERS]
