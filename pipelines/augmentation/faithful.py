"""Whether another wording may stand for a text: what machines damage first is looked at."""

from __future__ import annotations

import re
from collections import Counter

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# What a pipeline puts into a text, such as [MASK].
MARK = re.compile(r"\[[A-Z]+\]")
WORD = re.compile(r"[\w'’]+")
NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere nor neither without".split()  # noqa: SIM905
) | {"cannot", "cant", "dont", "wont"}
# A wording of half or twice as many words has lost something, or says more.
MOST_TIMES_AS_LONG = 2.0


def numbers_in(text: str) -> Counter[str]:
    """The numbers of a text, as they are written, and how often."""
    return Counter(NUMBER.findall(text))


def is_negation(word: str) -> bool:
    """Whether a word turns what is said into its opposite; marks around it do not count."""
    bare = word.strip(".,;:!?\"'()").replace("’", "'").casefold()
    return bare in NEGATIONS or bare.endswith("n't")


def words_of(text: str) -> list[str]:
    """A text's words, without case and marks."""
    return [word.casefold() for word in WORD.findall(text)]


def is_faithful(text: str, wording: str) -> bool:
    """Whether a wording is another one and keeps numbers, negations, marks and about the length.

    That it keeps the meaning too has to be asked of a model: see `more_wordings.with_wordings`.
    """
    before, after = words_of(text), words_of(wording)
    if not after or before == after or numbers_in(text) != numbers_in(wording):
        return False
    if _negations(text) != _negations(wording) or MARK.findall(text) != MARK.findall(wording):
        return False
    shorter, longer = sorted((len(before), len(after)))
    return longer <= MOST_TIMES_AS_LONG * max(shorter, 1)


def _negations(text: str) -> int:
    return sum(map(is_negation, text.split()))
