"""Texts with a few words left out, or standing elsewhere.

Source: Wei and Zou 2019, arXiv:1901.11196 (EDA), its random deletion and random swap. Words that a
text's meaning hangs on, negations and numbers, stay where they are.
"""

from __future__ import annotations

from random import Random

from pipelines.augmentation.faithful import MARK, is_negation, numbers_in

# Of ten texts half are edited, and of an edited one a word in ten, as EDA's alpha = 0.1.
EDITED = 0.5
WORDS_PER_EDIT = 10
# Of fewer words each is needed.
LEAST_WORDS = 4


def with_words_edited(text: str, rng: Random) -> str:
    """A text with words left out or swapped; half of all texts are as they were."""
    if rng.random() >= EDITED:
        return text
    return rng.choice((with_words_left_out, with_words_swapped))(text, rng)


def with_words_left_out(text: str, rng: Random) -> str:
    """Every tenth word left out, one at least, where there are words that may be."""
    words = text.split(" ")
    free = _free(words)
    left_out = set(rng.sample(free, min(len(free), _edits(words))))
    if not left_out:
        return text
    return " ".join(word for place, word in enumerate(words) if place not in left_out)


def with_words_swapped(text: str, rng: Random) -> str:
    """Every tenth word, one at least, in the place of another, and that one in its place."""
    words = text.split(" ")
    free = _free(words)
    if len(free) < 2:
        return text
    for _ in range(_edits(words)):
        one, other = rng.sample(free, 2)
        words[one], words[other] = words[other], words[one]
    return " ".join(words)


def _free(words: list[str]) -> list[int]:
    """Places of the words that may be touched."""
    if len(words) < LEAST_WORDS:
        return []
    return [
        place
        for place, word in enumerate(words)
        if word and not is_negation(word) and not numbers_in(word) and not MARK.search(word)
    ]


def _edits(words: list[str]) -> int:
    return max(1, len(words) // WORDS_PER_EDIT)
