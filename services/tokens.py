"""Access tokens (JWT, RFC 9068) and refresh tokens. Both follow from the session's row, so neither is stored."""

import base64
import hashlib
import hmac
import time
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import jwt

from rules.base64url import encoded
from rules.errors import Unauthenticated
from stores.rows import Session

ISSUER, AUDIENCE, TYPE = "photofeed", "photofeed-api", "at+jwt"
ALGORITHM = "HS256"
LEEWAY_S = 5  # between the clocks of API processes
MAC_BYTES = 32
CLAIMS_KEPT = 10_000  # of the genuine access tokens that were sent last; some 700 bytes each


class Pair(NamedTuple):
    access_token: str
    access_token_expires_at: datetime
    refresh_token: str
    refresh_token_expires_at: datetime


class Claim(NamedTuple):
    """What an access token says; whether the session goes on, only its row knows."""

    user_id: int
    session_id: int
    ends_at: float  # seconds since the epoch


class RefreshClaim(NamedTuple):
    session_id: int
    generation: int


class Tokens:
    def __init__(self, secret: str, *, access_s: int, refresh_s: int) -> None:
        self._access_key, self._refresh_key = derived(secret, b"access token"), derived(secret, b"refresh token")
        self._access_s, self._refresh_s = timedelta(seconds=access_s), timedelta(seconds=refresh_s)
        self._genuine = lru_cache(CLAIMS_KEPT)(self._verified)  # which keeps nothing of a call that raises

    def pair(self, session: Session) -> Pair:
        """The tokens of the session's generation: always the same ones, however often this is asked."""
        access_ends = session.rotated_at + self._access_s
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(session.user_id),
            "sid": str(session.id),
            "iat": int(session.rotated_at.timestamp()),
            "exp": int(access_ends.timestamp()),
        }
        return Pair(
            jwt.encode(claims, self._access_key, algorithm=ALGORITHM, headers={"typ": TYPE}),
            access_ends,
            self._refresh_token(session.id, session.generation),
            session.rotated_at + self._refresh_s,
        )

    def read_access(self, token: str) -> Claim:
        """Raises `Unauthenticated` for a token that is forged, of another kind, or not valid at this time."""
        try:
            claim = self._genuine(token)
            if claim.ends_at <= time.time() - LEEWAY_S:
                raise jwt.ExpiredSignatureError
            return claim
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The access token has expired: refresh the session.") from None
        except (jwt.InvalidTokenError, ValueError):
            raise Unauthenticated("The access token is not valid: sign in again.") from None

    def _verified(self, token: str) -> Claim:
        """What a token says that is ours and valid at this time; later, it may have expired."""
        signed = jwt.decode_complete(
            token,
            self._access_key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "sub", "sid"], "verify_iat": False},
        )
        if signed["header"].get("typ") != TYPE:
            raise jwt.InvalidTokenError
        payload = signed["payload"]
        return Claim(int(payload["sub"]), int(payload["sid"]), float(payload["exp"]))

    def read_refresh(self, token: str) -> RefreshClaim | None:
        """None for what is not a refresh token of ours."""
        try:
            session_id, generation = map(int, base64.urlsafe_b64decode(token + "==")[:-MAC_BYTES].split(b"."))
        except ValueError:
            return None
        genuine = hmac.compare_digest(self._refresh_token(session_id, generation).encode(), token.encode())
        return RefreshClaim(session_id, generation) if genuine else None

    def _refresh_token(self, session_id: int, generation: int) -> str:
        claim = f"{session_id}.{generation}".encode()
        return encoded(claim + hmac.digest(self._refresh_key, claim, "sha256"))


def derived(secret: str, purpose: bytes) -> bytes:
    """A key of its own for each purpose."""
    return hmac.digest(secret.encode(), purpose, hashlib.sha256)
