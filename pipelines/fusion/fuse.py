"""Three ways to make one vector of several kinds: concatenation, weighted mean, cross-attention.

An item may lack a kind, and each way goes on with those that it has.

Source: Baltrušaitis et al. 2017, arXiv:1705.09406 (a survey); the attention is that of Vaswani et
        al. 2017, arXiv:1706.03762, of the first kind over all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import torch

from pipelines.fusion.kinds import Kind
from textwire.errors import SettingsError

Way = Literal["concat", "mean", "attention"]
WAYS: tuple[Way, ...] = get_args(Way)
HEADS = 2


class Concatenation(torch.nn.Module):
    """One matrix over all kinds in a row, and over which of them there are."""

    def __init__(self, widths: Sequence[int], dimension: int) -> None:
        """Take the width of each kind, and that of what comes out."""
        super().__init__()
        self.matrix = torch.nn.Linear(sum(widths) + len(widths), dimension)

    def forward(self, kinds: Sequence[torch.Tensor], there: torch.Tensor) -> torch.Tensor:
        """(n, width) of each kind and (n, kinds) bool to (n, dimension)."""
        fused: torch.Tensor = self.matrix(torch.cat([*kinds, there.to(kinds[0].dtype)], dim=1))
        return fused


class WeightedMean(torch.nn.Module):
    """Each kind by its own matrix; what each weighs is learned, and shared by all items."""

    def __init__(self, widths: Sequence[int], dimension: int) -> None:
        """Take the width of each kind, and that of what comes out."""
        super().__init__()
        self.matrices = torch.nn.ModuleList(torch.nn.Linear(w, dimension) for w in widths)
        self.weights = torch.nn.Parameter(torch.zeros(len(widths)))

    def forward(self, kinds: Sequence[torch.Tensor], there: torch.Tensor) -> torch.Tensor:
        """(n, width) of each kind and (n, kinds) bool to (n, dimension)."""
        each = as_tokens(self.matrices, kinds)  # (n, kinds, dimension)
        grown = self.weights.exp() * there.to(each.dtype)  # (n, kinds)
        shares = grown / grown.sum(dim=1, keepdim=True).clamp_min(1e-9)
        return (shares[:, :, None] * each).sum(dim=1)


class CrossAttention(torch.nn.Module):
    """The first kind asks all of them, and what they answer is added to it."""

    def __init__(self, widths: Sequence[int], dimension: int) -> None:
        """Take the width of each kind, and that of what comes out."""
        super().__init__()
        self.matrices = torch.nn.ModuleList(torch.nn.Linear(w, dimension) for w in widths)
        self.attention = torch.nn.MultiheadAttention(dimension, HEADS, batch_first=True)

    def forward(self, kinds: Sequence[torch.Tensor], there: torch.Tensor) -> torch.Tensor:
        """(n, width) of each kind and (n, kinds) bool to (n, dimension)."""
        each = as_tokens(self.matrices, kinds)  # (n, kinds, dimension)
        lacking = ~there
        lacking[:, 0] = False  # so that whoever has none has something to attend to: zeros, a bias
        first = each[:, :1]
        answered, _ = self.attention(first, each, each, lacking, need_weights=False)
        fused: torch.Tensor = (first + answered)[:, 0]
        return fused


FUSIONS: dict[Way, type[Concatenation | WeightedMean | CrossAttention]] = {
    "concat": Concatenation,
    "mean": WeightedMean,
    "attention": CrossAttention,
}


class FusedKinds(torch.nn.Module):
    """One vector for each item, of all kinds that it has; the kinds themselves do not change."""

    def __init__(self, kinds: Mapping[str, Kind], way: str, dimension: int) -> None:
        """Take what is known of n items, kind by kind, the most telling first.

        Raises: SettingsError: there is no such way.
        """
        super().__init__()
        if way not in WAYS:
            raise SettingsError(f"fusion={way} is none of {', '.join(WAYS)}.")
        self.names = tuple(kinds)
        for place, kind in enumerate(kinds.values()):
            self.register_buffer(f"kind_{place}", torch.from_numpy(kind.vectors), persistent=False)
        present = torch.stack([torch.from_numpy(kind.there) for kind in kinds.values()], dim=1)
        self.register_buffer("there", present, persistent=False)
        widths = [kind.vectors.shape[1] for kind in kinds.values()]
        self.fusion = FUSIONS[way](widths, dimension)

    def forward(self) -> torch.Tensor:
        """(n, dimension) float32."""
        each = [self.get_buffer(f"kind_{place}") for place in range(len(self.names))]
        fused: torch.Tensor = self.fusion(each, self.get_buffer("there"))
        return fused


def as_tokens(matrices: torch.nn.ModuleList, kinds: Sequence[torch.Tensor]) -> torch.Tensor:
    """Each kind by its matrix, (n, kinds, dimension)."""
    return torch.stack([of(kind) for of, kind in zip(matrices, kinds, strict=True)], dim=1)
