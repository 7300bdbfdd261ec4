"""What is searched, and where it lies among the passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Encoder, Vectors


class Search(NamedTuple):
    """A text that is searched, by its words and by its meaning.

    beside  a shorter or longer reading of the same. By meaning the search lies halfway between the
            two: what a follow-up leans on is often the longer part of both together, and would find
            once more the passage that it was answered with.
    """

    text: str
    beside: str = ""

    @property
    def whole(self) -> str:
        """The longer reading."""
        return max(self.text, self.beside, key=len)


def search_vectors(searches: Sequence[Search], encoder: Encoder) -> Vectors:
    """Where each lies: (n, d) float32, unit length."""
    places = [place for place, search in enumerate(searches) if search.beside]
    beside = [searches[place].beside for place in places]
    encoded = encoder.encode([*(search.text for search in searches), *beside])
    vectors = encoded[: len(searches)].copy()
    between = vectors[places] + encoded[len(searches) :]
    # Two that point in opposite ways would have no direction between them; texts never do.
    vectors[places] = between / np.linalg.norm(between, axis=1, keepdims=True)
    return vectors
