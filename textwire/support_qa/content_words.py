"""What of a sentence carries its meaning: its content words, its numbers, whether it is negated."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
NEGATING = """
no not never cannot can't don't doesn't won't isn't aren't without none neither nor longer
impossible unable nicht kein keine keinen nie ohne
"""
# Words that say nothing of what a sentence is about.
SAYING_NOTHING = """
a an and are as at be but by can could do does for from has have how i if in is it its may me my of
on or our so than that the their them then there these they this to up us was we what when where
which who why will with would you your yes any also only just must should possible able please need
want get
"""
NEGATIONS, EMPTY = frozenset(NEGATING.split()), frozenset(SAYING_NOTHING.split())


def words(text: str) -> list[str]:
    """Its words in their order, in lower case."""
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


def content(text: str) -> set[str]:
    """The stems of the words that say what it is about."""
    return {stem(word) for word in words(text) if word not in EMPTY and word not in NEGATIONS}


def stem(word: str) -> str:
    """Enough to take "fee" and "fees", "charge" and "charged" together."""
    return re.sub(r"(?:ing|ed|es|s|e)$", "", word) if len(word) > 3 else word


def is_negated(sentence: str) -> bool:
    """Whether its negations leave a "not"."""
    return sum(word in NEGATIONS for word in words(sentence)) % 2 == 1
