"""What a Web Push subscription may be: where its messages go, and the keys they are encrypted for."""

import base64
import re
from collections.abc import Collection
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from rules.errors import Invalid, TooLong, UserFault

AUTH_BYTES = 16  # RFC 8291, 3.2
POINT_BYTES = 65  # an uncompressed point of P-256 (X9.62), as RFC 8291, 3.1 wants it

# No user, no fragment, nothing that two parsers of URLs might read differently.
_ENDPOINT = re.compile(
    r"(?P<origin>https?://(?P<host>[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\])(?P<port>:[0-9]{1,5})?)"
    r"(?:[/?][\w\-.~:/?@!$&'()*+,;=%]*)?",
    re.ASCII,
)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")


class Endpoint(NamedTuple):
    """`host`: a name, or an address without brackets."""

    origin: str
    host: str
    is_ordinary: bool


def endpoint_of(text: str) -> Endpoint | None:
    """Ordinary is https on its own port, where every browser's push service is; None for what is no endpoint."""
    found = _ENDPOINT.fullmatch(text)
    if found is None:
        return None
    is_ordinary = text.startswith("https:") and found["port"] in (None, ":443")
    return Endpoint(found["origin"], found["host"].strip("[]"), is_ordinary)


def endpoint_fault(text: str, *field: str, characters: int, private_origins: Collection[str]) -> UserFault | None:
    if len(text) > characters:
        return TooLong(f"This is too long: at most {characters:,} characters.", *field)
    endpoint = endpoint_of(text)
    if endpoint is None or not (endpoint.is_ordinary or endpoint.origin in private_origins):
        return Invalid("This is not where a push service takes messages: an https address without a port.", *field)
    return None


def points_inside(*field: str) -> UserFault:
    return Invalid("This is not the address of a push service that everybody can reach.", *field)


def device_key(text: str) -> bytes | None:
    """The bytes of a `p256dh`; None for what is no point of the curve P-256."""
    key = _bytes_of(text)
    if key is None or len(key) != POINT_BYTES:
        return None
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except ValueError:
        return None
    return key


def auth_secret(text: str) -> bytes | None:
    """The bytes of an `auth`; None for what is none."""
    secret = _bytes_of(text)
    return secret if secret is not None and len(secret) == AUTH_BYTES else None


def _bytes_of(text: str) -> bytes | None:
    """Of base64url, with or without its padding, as browsers give it."""
    if not _BASE64URL.fullmatch(text):
        return None
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "==")
    except ValueError:
        return None
