"""Slips of the keyboard in a question, corrected by the words that the searched texts have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Set

from rapidfuzz.distance import OSA

# Words with an apostrophe are left as they are: "can't" is as near to "can" as to "cant".
WORD = re.compile(r"(?<!['’])\b[^\W\d_]+\b(?!['’])")
# Written without their apostrophe, as many do: near to words that say the opposite.
CONTRACTED = """
cant wont dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt couldnt shouldnt wouldnt
aint whats wheres hows whos thats theres ive im youre theyre weve youve
"""
CONTRACTIONS = frozenset(CONTRACTED.split())
# Of three letters nothing but an exchange of two can be told: "hwo", "teh".
SHORTEST = 3
# From so many letters on two slips are corrected, below it one.
LONG = 8


class Spelling:
    """Corrects words that neither the language nor the texts know to near ones of the texts.

    Which words a language knows must be given: without them a rare word could not be told from a
    slip, and nothing is corrected. Like the indexes it never changes: `changed` gives another.
    Source: distance of restricted edits, Damerau 1964, doi:10.1145/363958.363994.
    """

    def __init__(self, known: Set[str] = frozenset()) -> None:
        """No texts yet.

        Args: known: words of the language, in small letters.
        """
        self._known = known
        self._counts: Counter[str] = Counter()
        self._by_first: dict[str, list[str]] = {}

    def changed(self, put: Iterable[str], removed: Iterable[str] = ()) -> Spelling:
        """Another, which knows the words of more texts, and no longer those of others."""
        if not self._known:
            return self
        later = Spelling(self._known)
        later._counts = self._counts.copy()
        for text in put:
            later._counts.update(_words(text))
        for text in removed:
            later._counts.subtract(_words(text))
        later._counts = +later._counts
        for word in later._counts:
            later._by_first.setdefault(word[0], []).append(word)
        return later

    def corrected(self, text: str) -> str:
        """The text with its slips corrected; most texts come back as they are."""
        return WORD.sub(lambda found: self._corrected_word(found[0]), text) if self._known else text

    def _corrected_word(self, written: str) -> str:
        word = written.lower()
        if len(word) < SHORTEST or self._is_word(word):
            return written
        most = 2 if len(word) >= LONG else 1
        near = [
            (distance, -self._counts[other], other)
            for other in self._candidates(word)
            if (distance := OSA.distance(word, other, score_cutoff=most)) <= most
        ]
        return min(near)[2] if near else written

    def _is_word(self, word: str) -> bool:
        return word in self._known or word in self._counts or word in CONTRACTIONS

    def _candidates(self, word: str) -> Iterable[str]:
        """Words that it may be meant for: fingers rarely slip on the first letter."""
        firsts = dict.fromkeys(word[:2])
        likely = (other for first in firsts for other in self._by_first.get(first, ()))
        if len(word) == SHORTEST:
            return (other for other in likely if sorted(other) == sorted(word))
        return (other for other in likely if len(other) >= SHORTEST)


def _words(text: str) -> list[str]:
    return [word.lower() for word in WORD.findall(text)]
