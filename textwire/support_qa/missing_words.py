"""Whether a passage lacks a rare word of the question: "life insurance", where nothing says it."""

from __future__ import annotations

from collections.abc import Collection

from textwire.search.words import WordIndex
from textwire.support_qa.content_words import EMPTY, NEGATIONS, WORD


def missing_rarity(question: str, passages: Collection[str], words: WordIndex) -> list[float]:
    """For each passage the rarity, 0 to 1, of the rarest of the question's words that it lacks.

    0 where it has them all, 1 where it lacks one that no passage has. Words that say nothing of
    what a question is about do not count.
    """
    rarities = words.rarities(_saying_something(question))
    if not rarities:
        return [0.0] * len(passages)
    return [
        max((rarity for term, rarity in rarities.items() if term not in known), default=0.0)
        for known in (set(words.terms(passage)) for passage in passages)
    ]


def _saying_something(text: str) -> str:
    found = (word.replace("’", "'") for word in WORD.findall(text))
    return " ".join(w for w in found if len(w) > 1 and w.lower() not in EMPTY | NEGATIONS)
