"""What may stand in a text that people write."""

import re
import unicodedata
from itertools import takewhile

from rules.errors import Invalid, TooLong, TooShort, UserFault

# NUL, which Postgres cannot store, and halves of surrogate pairs, which UTF-8 cannot.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HASH = re.compile(r"(?<![\w#&/])#")
_MENTION = re.compile(r"(?<![\w@./])@([A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?)")
HASHTAG_CHARACTERS = 100


def is_storable(text: str) -> bool:
    return not _UNSTORABLE.search(text)


def text_fault(text: str, *field: str, most: int, least: int = 0) -> UserFault | None:
    """Why a text of `least` to `most` characters is none; None when it is fine."""
    if not is_storable(text):
        return Invalid("This has characters that cannot be stored. Take them out.", *field)
    if len(text) > most:
        return TooLong(f"This is too long: at most {most:,} characters, these are {len(text):,}.", *field)
    if len(text.strip()) < least:
        return TooShort(f"This is too short: at least {least} characters." if least > 1 else "Write something.", *field)
    return None


def hashtag_name(word: str) -> str | None:
    """A hashtag as it is compared: NFC, lower case, without #; None for what is none (no letter, too long)."""
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", word.strip().removeprefix("#")).lower())
    if not all(map(_stands_in_hashtag, name)) or not any(map(str.isalpha, name)) or len(name) > HASHTAG_CHARACTERS:
        return None
    return name


def hashtags_in(text: str) -> list[str]:
    """Those written with #, in order, without repeats."""
    words = ("".join(takewhile(_stands_in_hashtag, text[hash_.end() :])) for hash_ in _HASH.finditer(text))
    return list(dict.fromkeys(name for name in map(hashtag_name, words) if name))


def mentions_in(text: str) -> list[str]:
    """Usernames written with @, in lower case, in order of first mention, without repeats."""
    return list(dict.fromkeys(name.lower() for name in _MENTION.findall(text)))


def _stands_in_hashtag(character: str) -> bool:
    """Letters, numbers, _, and the marks without which many scripts cannot be written: the vowels of हिन्दी."""
    return character == "_" or unicodedata.category(character)[0] in "LNM"
