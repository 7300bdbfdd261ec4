"""Texts with what they are to be told as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Examples:
    """n texts with their labels; topics are known of some of them."""

    texts: list[str]
    labels: NDArray[np.int64]  # (n,), columns of the label's head
    topics: NDArray[np.bool_]  # (n, topics); no row is true whose topics are not known
    has_topics: NDArray[np.bool_]  # (n,), whether its topics are known

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> Examples:
        """Some of them."""
        return Examples(
            [self.texts[place] for place in places],
            self.labels[places],
            self.topics[places],
            self.has_topics[places],
        )


def joined(parts: Sequence[Examples]) -> Examples:
    """All parts, one behind the other."""
    return Examples(
        [text for part in parts for text in part.texts],
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.topics for part in parts]),
        np.concatenate([part.has_topics for part in parts]),
    )
