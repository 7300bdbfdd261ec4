"""What LoRA learned: a product of two thin matrices, added to a weight of the base model.

Hu et al. 2021, arXiv:2106.09685.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW
from textwire.models.engines.encoder import Vectors

ADAPTERS_FILE = "adapters.safetensors"
Weights = Mapping[str, NDArray[np.float32]]
"""Arrays by the names that the transformer gives its weights."""


@dataclass(frozen=True)
class LowRankUpdate:
    """`up @ down` is added to a weight (out, in). down: (rank, in), scaled; up: (out, rank)."""

    down: Vectors
    up: Vectors

    def applied_to(self, weight: Vectors) -> Vectors:
        """The weight (out, in) as it was trained to be, float32."""
        applied: Vectors = weight + self.up.astype(np.float32) @ self.down.astype(np.float32)
        return applied


def save_adapters(updates: Mapping[str, LowRankUpdate], file: Path) -> None:
    """Write updates in half precision, by the name of the weight that each is added to."""
    save_file(
        {
            f"{name}.{part}": np.ascontiguousarray(matrix, dtype=np.float16)
            for name, update in updates.items()
            for part, matrix in (("down", update.down), ("up", update.up))
        },
        file,
    )


def load_adapters(file: Path) -> dict[str, LowRankUpdate]:
    """Updates by the name of the weight that each is added to.

    Raises: ArtifactCorrupt: the file holds something else.
    """
    try:
        matrices = load_file(file)
        names = dict.fromkeys(name.rpartition(".")[0] for name in matrices)
        return {
            name: LowRankUpdate(matrices[f"{name}.down"], matrices[f"{name}.up"]) for name in names
        }
    except (SafetensorError, KeyError, OSError) as error:
        raise ArtifactCorrupt(f"{file} holds no adapters: {error!r}. {MAKE_ANEW}") from error


def merged(base: Weights, updates: Mapping[str, LowRankUpdate]) -> dict[str, Vectors]:
    """All weights of the base, (out, in) or (n,) float32, those updated that have an update.

    Raises: ArtifactCorrupt: the base has no such weight, or one of another shape.
    """
    weights = dict(base)
    for name, update in updates.items():
        shape = (update.up.shape[0], update.down.shape[1])
        if name not in weights or weights[name].shape != shape:
            found = weights[name].shape if name in weights else "none"
            raise ArtifactCorrupt(
                f"An adapter belongs to a weight {name} of {shape}, and the base model has {found}:"
                " it was learned on another base."
            )
        weights[name] = update.applied_to(weights[name])
    return weights
