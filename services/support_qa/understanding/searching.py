"""What is searched, and where it lies among the passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Encoder, Vectors
from textwire.models.engines.word_states import WordEncoder
from textwire.support_qa.late_interaction import Reading

# The part of what stands beside: of 33 follow-ups held out it finds 22 first, where half and half
# found 17 (docs/results/support_qa.md).
BESIDE = 0.8


class Search(NamedTuple):
    """A text that is searched, by its words and by its meaning.

    beside  a shorter or longer reading of the same. By meaning the search lies between the two,
            nearer to this one: retrievers learn follow-ups with what they lean on. But that is
            often the longer part of both together, and alone would find once more the passage that
            it was answered with.
    """

    text: str
    beside: str = ""

    @property
    def whole(self) -> str:
        """The longer reading."""
        return max(self.text, self.beside, key=len)


class Encoded(NamedTuple):
    """Searches as an index takes them.

    vectors   where each lies: (n, d) float32, unit length.
    readings  of each search the words of its text, and of what stands beside it; None where the
              encoder gives no states of words.
    """

    vectors: Vectors
    readings: list[list[Reading]] | None


def encode_searches(
    searches: Sequence[Search], encoder: Encoder, word_encoder: WordEncoder | None = None
) -> Encoded:
    """All of them in one go.

    Args: word_encoder: the same encoder, where it gives the states of words.
    """
    places = [place for place, search in enumerate(searches) if search.beside]
    texts = [*(search.text for search in searches), *(searches[at].beside for at in places)]
    if word_encoder is None:
        return Encoded(_between(encoder.encode(texts), places, len(searches)), None)
    encoded, states = word_encoder.encode_words(texts)
    read = [Reading(*one) for one in zip(texts, states, strict=True)]
    readings = [[reading] for reading in read[: len(searches)]]
    for place, other in zip(places, read[len(searches) :], strict=True):
        readings[place].append(other)
    return Encoded(_between(encoded, places, len(searches)), readings)


def _between(encoded: Vectors, places: Sequence[int], searches: int) -> Vectors:
    """The vectors of so many searches, those at `places` between them and what stands beside."""
    vectors = encoded[:searches].copy()
    between = (1 - BESIDE) * vectors[places] + BESIDE * encoded[searches:]
    # Two that point in opposite ways would have no direction between them; texts never do.
    vectors[places] = between / np.linalg.norm(between, axis=1, keepdims=True)
    return vectors
