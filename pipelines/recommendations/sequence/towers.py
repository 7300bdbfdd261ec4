"""What is trained: a tower of items, fused of their kinds, and one that reads a user's last items.

What serves of it stands in `textwire/recommendations/ranking/sequence_model.py`, in numpy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.fusion.fuse import FusedKinds
from pipelines.fusion.kinds import Kind
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.ranking.sequence_model import HEADS

NOTHING = -1  # stands behind the end of a history
WIDENED = 2  # of the inner matrices of a layer


class ReadingLayer(torch.nn.Module):
    """Gated attention over the steps before, and a gated SwiGLU."""

    def __init__(self, dimension: int, dropout: float) -> None:
        super().__init__()
        self.before, self.between = torch.nn.LayerNorm(dimension), torch.nn.LayerNorm(dimension)
        self.qkv = torch.nn.Linear(dimension, 3 * dimension, bias=False)
        self.out = torch.nn.Linear(dimension, dimension, bias=False)
        self.gate = torch.nn.Linear(dimension, dimension, bias=False)
        self.up = torch.nn.Linear(dimension, WIDENED * dimension, bias=False)
        self.beside = torch.nn.Linear(dimension, WIDENED * dimension, bias=False)
        self.down = torch.nn.Linear(WIDENED * dimension, dimension, bias=False)
        self.gate_2 = torch.nn.Linear(dimension, dimension, bias=False)
        self.dropout = torch.nn.Dropout(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(m, steps, dimension) to the same; a step sees none that come after it."""
        read = self.dropout(self.out(self._seen(self.before(x))))
        x = x + torch.sigmoid(self.gate(x)) * read
        y = self.between(x)
        widened = torch.nn.functional.silu(self.up(y)) * self.beside(y)
        read_on: torch.Tensor = x + torch.sigmoid(self.gate_2(x)) * self.dropout(self.down(widened))
        return read_on

    def _seen(self, x: torch.Tensor) -> torch.Tensor:
        m, n, d = x.shape
        q, k, v = self.qkv(x).view(m, n, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4)
        seen = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return seen.transpose(1, 2).reshape(m, n, d)


class SequenceTowers(torch.nn.Module):
    """Vectors of items, and of users by their last items."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        way: str,
        *,
        steps: int,
        dimension: int,
        layers: int,
        dropout: float,
    ) -> None:
        """Take what is known of n items, kind by kind; each has a vector of its own beside, 0 yet.

        Args:   way: how kinds are fused. steps: of a history that are read.
        Raises: SettingsError: there is no such way.
        """
        super().__init__()
        count = len(next(iter(kinds.values())).there)
        self.fused = FusedKinds(kinds, way, dimension)
        self.own = torch.nn.Parameter(torch.zeros(count, dimension))
        self.bias = torch.nn.Parameter(torch.zeros(count))
        self.positions = torch.nn.Parameter(torch.zeros(steps, dimension))
        self.first, self.last = torch.nn.LayerNorm(dimension), torch.nn.LayerNorm(dimension)
        self.layers = torch.nn.ModuleList(ReadingLayer(dimension, dropout) for _ in range(layers))
        self.dropout = torch.nn.Dropout(dropout)

    def items(self) -> torch.Tensor:
        """(n, dimension) float32."""
        vectors: torch.Tensor = self.fused() + self.own
        return vectors

    def logits(self, items: torch.Tensor, histories: torch.Tensor) -> torch.Tensor:
        """Of each item to follow each step, (m, steps, n), given the steps up to it.

        Args: items: (n, dimension). histories: (m, steps) int64 places, NOTHING behind their ends.
        """
        x = self.first(items[histories.clamp_min(0)]) + self.positions[: histories.shape[1]]
        x = self.dropout(x)
        for layer in self.layers:
            x = layer(x)
        logits: torch.Tensor = self.last(x) @ items.T + self.bias
        return logits

    @torch.inference_mode()
    def weights(self) -> dict[str, Vectors]:
        """By the names that `SequenceModel` has for them, each float32."""
        parts = dict(self.named_parameters())
        names = {"bias": "bias", "positions": "positions"}
        names |= {name: name for name in parts if name.startswith(("first.", "last."))}
        for name in parts:
            if name.startswith("layers."):
                short = name.removeprefix("layers.")
                is_norm = "before" in short or "between" in short
                names[name] = short if is_norm else short.removesuffix(".weight")
        found = {new: parts[name].float().cpu().numpy() for name, new in names.items()}
        return found | {"items": self.items().float().cpu().numpy()}


def padded(sequences: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Places as one matrix, (m, longest) int64, NOTHING behind the ends."""
    longest = max(map(len, sequences))
    return np.array([[*one, *[NOTHING] * (longest - len(one))] for one in sequences])
