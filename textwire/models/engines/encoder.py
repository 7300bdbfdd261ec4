"""The one interface of the serving engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """Which model this is, by artifact version; part of the key of its vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Width of the vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text: (n, dimension) float32, unit length, in the order of the texts.

        A text longer than the model's token limit is cut there. No text gives shape (0, dimension).
        """
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens the model reads of each text."""
        ...
