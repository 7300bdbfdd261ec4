"""Whether the words of a request are such that the model reads them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from textwire.language import foreign_language
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.words import NEAR_ITEMS, AskedWords, named
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.folding import folded

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
# Of 69 English requests such as "sauté pan" one is taken for another language with this or more,
# and of 22 German, French, Spanish, Dutch, Polish ones 16 are.
LIKELY = 0.55
# Words of fewer letters are small words, which no other language takes over.
SHORT = 3


def is_understood(words: str, vector: Vectors, languages: Sequence[str], index: ItemIndex) -> bool:
    """Whether a list can go by words that a user asks with.

    Not where they are in a script that is not read, are no words at all, or are likely in another
    language and no item near to them has any of them: brands are the same in many languages. An
    accent alone makes no word another language's: `sauté pan` is asked for as `saute pan` is.

    Args: vector: (d,) float32, of the words. languages: as for `is_read`.
    """
    if not is_read(words, languages) or not any(letter.isalnum() for letter in words):
        return False
    if not _is_foreign(words, languages):
        return True
    if not _has_short_accents(words) and not _is_foreign(folded(words), languages):
        return True
    asked = AskedWords.of(words)
    # If none of these has any of the words, the words were not what brought them near.
    (near,) = index.nearest(vector[None], NEAR_ITEMS)
    return any(asked.part_in(named(item)) > 0.0 for item in near)


def _has_short_accents(words: str) -> bool:
    """Whether a short word has an accent, as `à` and `où`: such words part languages."""
    return any(len(word) < SHORT and folded(word) != word.casefold() for word in words.split())


def _is_foreign(words: str, languages: Sequence[str]) -> bool:
    written = foreign_language(words, languages[0], LIKELY) if languages else None
    return written is not None and written not in languages


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
