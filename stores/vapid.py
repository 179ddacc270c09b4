"""VAPID (RFC 8292): the key by which push services, and browsers that subscribe, know this Photofeed."""

import base64
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TOKEN_S = 12 * 3600  # push services take a day at most
KEY_BYTES = 32


class Vapid:
    """`private_key` is a number of 32 bytes in base64url, as all tools of Web Push print it.

    `contact` is where push services write to when something is wrong: mailto: or https:.
    """

    def __init__(self, private_key: str, contact: str) -> None:
        number = int.from_bytes(base64.urlsafe_b64decode(private_key + "="), "big")
        self._key, self._contact = ec.derive_private_key(number, ec.SECP256R1()), contact
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_key = _base64url(point)
        """What browsers take as `applicationServerKey`."""

    def authorization(self, origin: str) -> str:
        """The header that lets a message in at a push service, for TOKEN_S."""
        claims = {"aud": origin, "exp": int(time.time()) + TOKEN_S, "sub": self._contact}
        return f"vapid t={jwt.encode(claims, self._key, algorithm='ES256')}, k={self.public_key}"


def new_private_key() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _base64url(number.to_bytes(KEY_BYTES, "big"))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
