"""What is bought together, as lists of mode `bought_together` need to know it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Protocol

from textwire.recommendations.keys import together_key
from textwire.results.reading import read_table
from textwire.results.store import ResultStore


class BoughtTogether(Protocol):
    """Knows what users bought beside an item."""

    def beside(self, item_id: str, count: int) -> Sequence[tuple[str, float]]:
        """Ids of what was bought with an item and how strongly, above 0, the strongest first.

        Nothing where nothing is known.

        Raises: RedisUnavailable: it is counted in a store, which is away.
        """
        ...


class CountedTogether:
    """Reads the table of an item's neighbours, which those who count it write."""

    def __init__(self, store: ResultStore) -> None:
        self._store = store

    def beside(self, item_id: str, count: int) -> Sequence[tuple[str, float]]:
        """The heaviest of the item's row; equal ones by id.

        Raises: RedisUnavailable.
        """
        row = read_table(self._store, together_key(item_id), int)
        heaviest = heapq.nsmallest(count, row.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(other, float(units)) for other, units in heaviest if units > 0]


class NothingTogether:
    """Knows of nothing that is bought together."""

    def beside(self, item_id: str, count: int) -> Sequence[tuple[str, float]]:  # noqa: ARG002
        """Nothing."""
        return ()
