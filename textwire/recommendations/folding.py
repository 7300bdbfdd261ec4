"""Texts as words are looked for in them: small letters of one width, and no accents."""

from __future__ import annotations

import unicodedata

# The mark that makes another sound of a Japanese letter is no accent.
_VOICED = "\u3099"


def folded(text: str) -> str:
    """In small letters without accents, but for signs and letters of other scripts.

    Letters of full width, as Chinese and Japanese texts have them, are as others.
    """
    parted = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in parted if not unicodedata.combining(c) or c == _VOICED)
    return unicodedata.normalize("NFC", bare).replace("ł", "l").replace("ø", "o")


def small_letters(text: str) -> str:
    """In small letters, each in its place: one that would become two stays as it is."""
    return "".join(small if len(small := one.lower()) == 1 else one for one in text)
