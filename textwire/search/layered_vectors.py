"""Many vectors that change often: a small layer of what is new above a large base."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.search.vectors import NOTHING, Ids, VectorIndex

# A change copies the layer, and a merge copies everything: 150 MB at 100,000 vectors of 384. With
# these, adding one by one copies each vector about 16 times, and a change costs a millisecond.
SMALLEST_FULL_LAYER = 1_000
LAYER_PART = 1 / 16
# What went from the base is passed over in its results, so a search asks it for so many more.
MOST_GONE = 200


class LayeredIndex:
    """The same as a `VectorIndex`, exact as that is, without a copy of all for each change."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._base = VectorIndex(dimension)
        self._gone: frozenset[int] = frozenset()  # of the base
        self._layer = VectorIndex(dimension)
        self._in_base: frozenset[int] = frozenset()
        self._in_layer: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self._base) - len(self._gone) + len(self._layer)

    def changed(
        self, put_ids: Sequence[int], put_vectors: Vectors, removed_ids: Sequence[int] = ()
    ) -> LayeredIndex:
        """Another index, in which ids were removed, and then others put in or replaced.

        Args:    put_ids: n different ids, none negative; put_vectors: (n, d) float32, unit length.
                 removed_ids: ids that are not there are passed over.
        Raises:  DimensionMismatch: d differs from the index.
        """
        changed = copy(self)
        changed._layer = self._layer.changed(put_ids, put_vectors, removed_ids)
        changed._in_layer = self._in_layer.difference(removed_ids).union(put_ids)
        left = self._in_base.intersection((*removed_ids, *put_ids))
        changed._gone = self._gone | left
        return changed._merged() if changed._is_full else changed

    def search(self, vectors: Vectors, k: int, among: Ids | None = None) -> tuple[Vectors, Ids]:
        """Nearest ids for each vector.

        Args:    vectors: (n, d) float32, unit length. among: (m,) ids alone; None: all.
        Returns: scores (n, k) float32, cosine, descending, -inf where none;
                 ids (n, k) int64, -1 where none.
        Raises:  DimensionMismatch: d differs from the index.
        """
        scores, ids = self._base.search(vectors, k + len(self._gone), among)
        if self._gone:
            scores[np.isin(ids, list(self._gone))] = -np.inf
        newer_scores, newer_ids = self._layer.search(vectors, k, among)
        scores = np.concatenate([scores, newer_scores], axis=1)  # (n, k + gone + k)
        ids = np.concatenate([ids, newer_ids], axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        scores, ids = np.take_along_axis(scores, best, 1), np.take_along_axis(ids, best, 1)
        ids[scores == -np.inf] = NOTHING
        return scores, ids

    def vectors_of(self, ids: Sequence[int]) -> Vectors:
        """The vectors under these ids, (n, d) float32, in their order; all ids must be there."""
        if self._in_layer.isdisjoint(ids):
            return self._base.vectors_of(ids)
        vectors = np.empty((len(ids), self.dimension), dtype=np.float32)
        newer = np.array([id_ in self._in_layer for id_ in ids], dtype=bool)
        numbers = np.array(ids, dtype=np.int64)
        vectors[newer] = self._layer.vectors_of(numbers[newer])
        vectors[~newer] = self._base.vectors_of(numbers[~newer])
        return vectors

    @property
    def _is_full(self) -> bool:
        full = max(SMALLEST_FULL_LAYER, int(LAYER_PART * len(self._base)))
        return len(self._layer) > full or len(self._gone) > MOST_GONE

    def _merged(self) -> LayeredIndex:
        newer = sorted(self._in_layer)
        merged = LayeredIndex(self.dimension)
        merged._base = self._base.changed(newer, self._layer.vectors_of(newer), list(self._gone))
        merged._in_base = (self._in_base - self._gone) | self._in_layer
        return merged
