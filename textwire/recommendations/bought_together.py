"""What is bought together, as lists of mode `bought_together` need to know it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class BoughtTogether(Protocol):
    """Knows what users bought beside an item."""

    def beside(self, item_id: str, count: int) -> Sequence[tuple[str, float]]:
        """Ids of what was bought with an item and how strongly, above 0, the strongest first.

        Nothing where nothing is known. It reads no store: it is called for every request.
        """
        ...


class NothingTogether:
    """Knows of nothing that is bought together."""

    def beside(self, item_id: str, count: int) -> Sequence[tuple[str, float]]:  # noqa: ARG002
        """Nothing."""
        return ()
