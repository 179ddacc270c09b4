"""Cursors: a place in one list, opaque and signed, so that another list's or a made-up one is refused."""

import base64
from hashlib import blake2b

from rules.errors import BadRequest

POSITION_BYTES, SIGNATURE_BYTES = 8, 8


class Cursors:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def encode(self, list_name: str, position: int) -> str:
        """The cursor of a position in the list of this name."""
        place = position.to_bytes(POSITION_BYTES, "big")
        return base64.urlsafe_b64encode(place + self._signature(list_name, place)).rstrip(b"=").decode()

    def decode(self, list_name: str, cursor: str) -> int:
        """The position; `BadRequest` for what is not a cursor of this list."""
        try:
            position = int.from_bytes(base64.urlsafe_b64decode(cursor + "==")[:POSITION_BYTES], "big")
        except ValueError:
            position = 0
        if cursor != self.encode(list_name, position):
            raise BadRequest("This is not a cursor of this list: take one from its edges or pageInfo.")
        return position

    def _signature(self, list_name: str, place: bytes) -> bytes:
        return blake2b(place + list_name.encode(), key=self._key, digest_size=SIGNATURE_BYTES).digest()
