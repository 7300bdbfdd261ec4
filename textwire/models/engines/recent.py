"""The vectors of texts that are read again and again, at hand without a way to the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from textwire.models.engines.encoder import Encoder, Vectors

# Sentences of the passages that answer most: 4,000 of 384 numbers are 6 MB.
MOST_TEXTS = 4_000


class RecentVectors:
    """An encoder that remembers the texts it was given last."""

    def __init__(self, encoder: Encoder, most_texts: int = MOST_TEXTS) -> None:
        self._encoder = encoder
        self._most_texts = most_texts
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text: (n, dimension) float32."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for place, text in enumerate(texts):
            vectors[place] = self._known[text]
            self._known.move_to_end(text)
        while len(self._known) > self._most_texts:
            self._known.popitem(last=False)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens read of each text."""
        return self._encoder.count_tokens(texts)
