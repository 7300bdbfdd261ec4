"""Bottleneck adapters, Houlsby et al. 2019, arXiv:1902.00751.

Ours, since neither library has them for this transformers: peft 0.21.2 knows no such kind, and
adapters 1.3.0 pulls transformers back to 4.57.
"""

from __future__ import annotations

from typing import Any

import torch

from pipelines.tuning.layers import ends_of_attention, ends_of_feed_forward

# An eighth of MiniLM's width; the paper takes 8 to 256 of BERT's 768 or 1,024.
NARROWING = 8


class Bottleneck(torch.nn.Module):
    """A linear layer, and beside what it gives a narrow detour that changes nothing at first."""

    def __init__(self, dense: torch.nn.Linear) -> None:
        super().__init__()
        narrow = max(1, dense.out_features // NARROWING)
        self.dense = dense
        self.down = torch.nn.Linear(dense.out_features, narrow)
        self.up = torch.nn.Linear(narrow, dense.out_features)
        torch.nn.init.normal_(self.down.weight, std=0.02)
        for zero in (self.down.bias, self.up.weight, self.up.bias):
            torch.nn.init.zeros_(zero)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """(n, length, in) float32 to (n, length, out) float32."""
        given: torch.Tensor = self.dense(hidden)
        beside: torch.Tensor = self.up(torch.nn.functional.gelu(self.down(given)))
        return given + beside


def add_bottlenecks(transformer: Any) -> list[str]:
    """Put one at the end of each block of attention and feed-forward; they and the norms learn.

    Returns: names of the layers that got one.
    """
    ends = [*ends_of_attention(transformer), *ends_of_feed_forward(transformer)]
    transformer.requires_grad_(False)
    for part in transformer.modules():
        if isinstance(part, torch.nn.LayerNorm):
            part.requires_grad_(True)
    for name in ends:
        parent, _, last = name.rpartition(".")
        setattr(
            transformer.get_submodule(parent), last, Bottleneck(transformer.get_submodule(name))
        )
    return ends
