"""Cursors: a place in one list or stream, opaque and signed, so that another's or a made-up one is refused."""

import base64
from functools import lru_cache
from hashlib import blake2b

from rules.base64url import encoded
from rules.errors import BadRequest

POSITION_BYTES, SIGNATURE_BYTES = 8, 8
LISTS_KNOWN = 1_000


class Cursors:
    def __init__(self, key: bytes) -> None:
        self._key = key
        self._begun = lru_cache(LISTS_KNOWN)(self._signature)

    def encode(self, list_name: str, *positions: int) -> str:
        """The cursor of a position in the list of this name, or of several that are one place together."""
        place = b"".join([position.to_bytes(POSITION_BYTES, "big") for position in positions])
        signature = self._begun(list_name).copy()
        signature.update(place)
        return encoded(place + signature.digest())

    def _signature(self, list_name: str) -> blake2b:
        """Of a cursor of this list, before its place."""
        return blake2b(list_name.encode(), key=self._key, digest_size=SIGNATURE_BYTES)

    def decode(self, list_name: str, cursor: str) -> int:
        """The position; `BadRequest` for what is not a cursor of this list."""
        [position] = self.decode_all(list_name, cursor, 1)
        return position

    def decode_all(self, list_name: str, cursor: str, number: int) -> list[int]:
        """The positions, so many; `BadRequest` for what is not a cursor of this list."""
        try:
            place = base64.urlsafe_b64decode(cursor + "==")
        except ValueError:
            place = b""
        starts = range(0, number * POSITION_BYTES, POSITION_BYTES)
        positions = [int.from_bytes(place[start : start + POSITION_BYTES], "big") for start in starts]
        if cursor != self.encode(list_name, *positions):
            raise BadRequest("This is not a cursor of this list: take one from its edges or pageInfo.")
        return positions
