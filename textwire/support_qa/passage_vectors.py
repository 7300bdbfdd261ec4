"""Vectors of passages, found by meaning: of their headings, and of each part of their texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from copy import copy

import numpy as np

from textwire.models.engines.encoder import Encoder, Vectors
from textwire.search.layered_vectors import LayeredIndex
from textwire.search.vectors import NOTHING, Ids
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_texts import HEADING_CHARACTERS, MOST_PARTS, parts

# A passage's first part is embedded under its number times this, the others behind it.
STRIDE = MOST_PARTS
# A passage comes up once however many of its parts do; of so many of each the search allows.
PARTS_ALLOWED_FOR = 4


class PassageVectors:
    """By passages' numbers. It never changes: `changed` gives another."""

    def __init__(self, dimension: int) -> None:
        """None yet."""
        self._headings = LayeredIndex(dimension)
        self._parts = LayeredIndex(dimension)  # by `entry_of`
        self._part_counts: Mapping[int, int] = {}

    def changed(
        self, new: Mapping[int, Passage], gone: Set[int], encoder: Encoder
    ) -> PassageVectors:
        """The next moment, with passages embedded that are new, and without those that are gone.

        Raises: ValueError: a later moment exists already. Whatever the encoder raises, first.
        """
        headings = {n: p.heading[:HEADING_CHARACTERS] for n, p in new.items() if p.heading}
        texts = {
            entry_of(n, place): part
            for n, passage in new.items()
            for place, part in enumerate(parts(passage))
        }
        embedded = encoder.encode([*headings.values(), *texts.values()])
        of_headings, of_texts = np.split(embedded, [len(headings)])
        gone_parts = [entry for number in gone for entry in self._entries(number)]
        later = copy(self)
        later._headings = self._headings.changed(list(headings), of_headings, list(gone))
        later._parts = self._parts.changed(list(texts), of_texts, gone_parts)
        counts = Counter(place_of(entry)[0] for entry in texts)
        later._part_counts = {n: c for n, c in self._part_counts.items() if n not in gone} | counts
        return later

    def search(
        self, vectors: Vectors, depth: int, barred: Set[int]
    ) -> tuple[list[list[int]], list[list[int]]]:
        """The passages of the nearest headings, and those of the nearest parts, nearest first.

        Args:    vectors: (n, d) float32, unit length. barred: passages that do not count.
        Returns: of each question at most `depth`, twice.
        """
        # As much deeper as there are entries that do not count, so that the ranking is exact.
        barred_parts = sum(self._part_counts[number] for number in barred)
        of_each = min(max(self._part_counts.values(), default=1), PARTS_ALLOWED_FOR)
        _, headings = self._headings.search(vectors, depth + len(barred))
        _, texts = self._parts.search(vectors, depth * of_each + barred_parts)
        return (
            [_numbers(near, 1, barred)[:depth] for near in headings],
            [_numbers(near, STRIDE, barred)[:depth] for near in texts],
        )

    def best_parts(self, vector: Vectors, numbers: Sequence[int]) -> tuple[list[int], list[float]]:
        """The place of each passage's part that is nearest to (d,) float32, and its cosine."""
        entries = [self._entries(number) for number in numbers]
        flat = [entry for of_passage in entries for entry in of_passage]
        cosines = self._parts.vectors_of(flat) @ vector
        begins = np.cumsum([len(of_passage) for of_passage in entries[:-1]])
        of_each = np.split(cosines, begins)
        places = [int(some.argmax()) for some in of_each]
        return places, [float(some[at]) for some, at in zip(of_each, places, strict=True)]

    def heading_cosines(self, vector: Vectors, numbers: Sequence[int]) -> dict[int, float]:
        """The cosine of each passage's heading to (d,) float32; all of them have one."""
        cosines = self._headings.vectors_of(numbers) @ vector
        return {n: float(cosine) for n, cosine in zip(numbers, cosines, strict=True)}

    def _entries(self, number: int) -> range:
        """The numbers of a passage's parts."""
        return range(number * STRIDE, number * STRIDE + self._part_counts[number])


def entry_of(number: int, place: int) -> int:
    """The number of a passage's part."""
    return number * STRIDE + place


def place_of(entry: int) -> tuple[int, int]:
    """The passage's number, and the place of the part in it."""
    return divmod(entry, STRIDE)


def _numbers(entries: Ids, stride: int, barred: Set[int]) -> list[int]:
    """The passages of entries, (n,) int64, each at its best place."""
    found = dict.fromkeys(int(entry) // stride for entry in entries if entry != NOTHING)
    return [number for number in found if number not in barred]
