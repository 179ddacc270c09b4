"""Base64 for URLs (RFC 4648, section 5), without its padding."""

from binascii import b2a_base64

URL_SAFE = bytes.maketrans(b"+/", b"-_")


def encoded(data: bytes) -> str:
    return b2a_base64(data, newline=False).translate(URL_SAFE, b"=").decode()
