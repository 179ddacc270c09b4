"""What names, addresses and passwords may be."""

import re

from email_validator import EmailNotValidError, validate_email

from rules.errors import Invalid, TooLong, TooShort, UserFault
from rules.text import is_storable

USERNAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.]{1,28})[a-z0-9_]")
USERNAME_RULE = "Take 3 to 30 of the letters a to z, digits, _ and . (no dot first, last or twice in a row)."
EMAIL_CHARACTERS = 254  # RFC 5321, 4.5.3.1.3

# The ASCII part of Unicode's confusables (UTS #39, confusables.txt): these are hard to tell apart.
_LOOK_ALIKE = str.maketrans({"0": "o", "1": "l", "m": "rn", ".": None, "_": None})


def kept_username(text: str) -> str:
    """A username as it is kept and compared."""
    return text.lower()


def skeleton(username: str) -> str:
    """Equal for kept usernames that look alike."""
    return username.translate(_LOOK_ALIKE)


def is_username(text: str) -> bool:
    return text.isascii() and ".." not in text and USERNAME.fullmatch(text.lower()) is not None


def username_fault(text: str, *field: str) -> UserFault | None:
    return None if is_username(text) else Invalid(USERNAME_RULE, *field)


def kept_email(email: str) -> str:
    """An address as it is compared."""
    return validate_email(email, check_deliverability=False).normalized.lower()


def email_fault(text: str, *field: str) -> UserFault | None:
    """Judged by its form; nothing is asked of the network."""
    try:
        if len(text) <= EMAIL_CHARACTERS and kept_email(text):
            return None
    except EmailNotValidError:
        pass
    return Invalid("This is not an e-mail address.", *field)


def password_fault(password: str, *field: str, min_characters: int, max_bytes: int) -> UserFault | None:
    if len(password) < min_characters:
        return TooShort(f"Take at least {min_characters} characters.", *field)
    if len(password) > max_bytes or len(password.encode("utf-8", "replace")) > max_bytes:
        return TooLong(f"Take at most {max_bytes:,} bytes.", *field)
    if not is_storable(password):
        return Invalid("This has characters that cannot be typed. Take them out.", *field)
    return None
