"""Which heads and which layers go: those that carry least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def layers_that_stay(importance: Floats, gone: int) -> list[int]:
    """Places of all layers but so many of the least important, in their order.

    Args: importance: (layers,) float64.
    """
    order = np.argsort(importance, kind="stable")
    return sorted(int(place) for place in order[gone:])


def heads_that_stay(importance: Sequence[Floats], part: float) -> dict[int, list[int]]:
    """By layer the places of heads, without that part of all; each layer keeps its best one.

    Args: importance: of each layer (heads,) float64. part: of all heads, 0 to below 1.
    """
    best = {(layer, int(of.argmax())) for layer, of in enumerate(importance)}
    ranked = sorted(
        (float(value), layer, head)
        for layer, of in enumerate(importance)
        for head, value in enumerate(of)
        if (layer, head) not in best
    )
    gone = {(layer, head) for _, layer, head in ranked[: round(part * sum(map(len, importance)))]}
    return {
        layer: [head for head in range(len(of)) if (layer, head) not in gone]
        for layer, of in enumerate(importance)
    }
