"""Names of keys in Redis: words joined by colons, so that no two things share a name.

    key("support", "answer", "ops", "1:7")    support:answer:ops:1%3A7
    key("support", "answer", "ops:1", "7")    support:answer:ops%3A1:7

Ids come from whoever sends records, and may hold anything. A word is escaped as in URLs, but only
where it must be: letters of any script, spaces and most signs stay as they are. What stands under
which key, and for how long, is in docs/redis.md.
"""

from __future__ import annotations

from hashlib import blake2b
from urllib.parse import quote

# What an id has at most (messages/fields.py), each of four bytes at most: none is shortened for its
# length alone.
ID_CHARACTERS = 200
LONGEST_WORD_BYTES = 4 * ID_CHARACTERS
# No escape begins like this: they go on with two hexadecimal digits.
SHORTENED = "%."
DIGEST_BYTES = 16


def key(first: str, *rest: str) -> str:
    """The name that these words have, and no others: in their order, whatever they hold.

    Two names can be equal only if two words of more than `LONGEST_WORD_BYTES` have the same hash.
    """
    return ":".join(map(_escaped, (first, *rest)))


def family(name: str) -> str:
    """The first two words of a key: of which kind it is, as logs and metrics tell it."""
    return ":".join(name.split(":")[:2])


def _escaped(word: str) -> str:
    if len(word) <= ID_CHARACTERS and _is_plain(word):
        return word
    escaped = "".join(map(_escaped_character, word))
    if len(escaped.encode()) <= LONGEST_WORD_BYTES:
        return escaped
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).hexdigest()
    kept_bytes = LONGEST_WORD_BYTES - len(SHORTENED) - len(digest)
    begin = escaped.encode()[:kept_bytes].decode(errors="ignore")
    return f"{begin}{SHORTENED}{digest}"


def _escaped_character(character: str) -> str:
    return character if _is_plain(character) else quote(character, safe="", errors="surrogatepass")


def _is_plain(text: str) -> bool:
    return text.isprintable() and ":" not in text and "%" not in text
