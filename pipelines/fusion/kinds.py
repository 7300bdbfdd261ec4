"""What is known of items, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.encoder import Vectors


@dataclass(frozen=True)
class Kind:
    """A vector for each of n items, (n, d) float32, and which items have one, (n,) bool.

    Those without have zeros.
    """

    vectors: Vectors
    there: NDArray[np.bool_]

    @classmethod
    def of_all(cls, vectors: Vectors) -> Kind:
        """One that no item lacks; vectors: (n, d) float32."""
        return cls(vectors, np.ones(len(vectors), dtype=np.bool_))

    @classmethod
    def of_some(cls, ids: list[str], found: Mapping[str, Vectors], dimension: int) -> Kind:
        """In the order of ids, what was found under each, (d,) float32."""
        vectors = np.zeros((len(ids), dimension), dtype=np.float32)
        there = np.array([item_id in found for item_id in ids], dtype=np.bool_)
        for place in np.flatnonzero(there):
            vectors[place] = found[ids[place]]
        return cls(vectors, there)

    @classmethod
    def of_numbers(cls, columns: Vectors) -> Kind:
        """Numbers, (n, columns) float32, NaN where one is not known, each scaled to spread 1.

        What is not known is 0, the mean, and a column more says of each whether it is known.
        """
        known = np.isfinite(columns)
        counts = np.maximum(known.sum(axis=0), 1)
        filled = np.where(known, columns, 0.0)
        means = filled.sum(axis=0) / counts
        apart = np.where(known, columns - means, 0.0)
        spread = np.sqrt((apart**2).sum(axis=0) / counts)
        scaled = apart / np.where(spread > 0, spread, 1.0)
        both = np.hstack([scaled, known]).astype(np.float32)
        there: NDArray[np.bool_] = np.asarray(known.any(axis=1))
        return cls(both * there[:, None], there)
