"""A fixed suite of noise: what people and their keyboards do to texts, the same each time."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

from pipelines.augmentation.typing_noise import (
    in_capitals,
    with_slips,
    without_case,
    without_marks,
)
from pipelines.measuring.judgement import Disturb

Noise = Callable[[str, Random], str]


def without_spaces_between(text: str, rng: Random) -> str:
    """Two words run together, once in a text."""
    words = text.split(" ")
    if len(words) < 2:
        return text
    at = rng.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def without_a_word(text: str, rng: Random) -> str:
    """One word left out."""
    words = text.split(" ")
    if len(words) < 2:
        return text
    at = rng.randrange(len(words))
    return " ".join([*words[:at], *words[at + 1 :]])


def without_accents(text: str, _: Random) -> str:
    """Letters without what stands above or below them."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def with_small_talk(text: str, _: Random) -> str:
    """Said politely: words before and after that say nothing of the matter."""
    return f"hi there, {text} - thanks a lot in advance"


SUITE: dict[str, Noise] = {
    "slips of the keyboard": with_slips,
    "all small": without_case,
    "all capitals": in_capitals,
    "no punctuation": without_marks,
    "words run together": without_spaces_between,
    "a word left out": without_a_word,
    "no accents": without_accents,
    "small talk around it": with_small_talk,
}


def disturb_by(noise: Noise, seed: int = 0) -> Disturb:
    """The noise of a text follows from the text: every model reads the same."""
    return lambda text: noise(text, Random(f"{seed}:{text}"))  # noqa: S311 - no secret
