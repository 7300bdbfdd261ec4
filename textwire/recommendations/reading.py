"""Whether the words of a request are in a script that the model reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

# As Unicode's names of letters begin. What is not named here is written in Latin letters.
SCRIPTS: dict[str, tuple[str, ...]] = {
    "ar": ("ARABIC",),
    "bg": ("CYRILLIC",),
    "el": ("GREEK",),
    "fa": ("ARABIC",),
    "he": ("HEBREW",),
    "hi": ("DEVANAGARI",),
    "ja": ("CJK", "HIRAGANA", "KATAKANA"),
    "ko": ("HANGUL",),
    "ru": ("CYRILLIC",),
    "sr": ("CYRILLIC", "LATIN"),
    "th": ("THAI",),
    "uk": ("CYRILLIC",),
    "ur": ("ARABIC",),
    "zh": ("CJK",),
}
LATIN = ("LATIN",)


def is_read(words: str, languages: Sequence[str]) -> bool:
    """Whether at least half of the letters are of a script of these languages.

    Latin letters are always read: names of brands and things are the same in many languages.

    Args: languages: ISO 639-1; none: everything is read.
    """
    letters = [letter for letter in words if letter.isalpha()]
    if not letters or not languages:
        return True
    scripts = (*LATIN, *(name for one in languages for name in SCRIPTS.get(one, LATIN)))
    read = sum(unicodedata.name(letter, "").startswith(scripts) for letter in letters)
    return 2 * read >= len(letters)
