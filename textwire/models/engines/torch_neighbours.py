"""Learned texts nearest to a new one have a vote beside a classifier's head.

    p = (1 - share) * p_head + share * sum over learned texts of softmax(cosine / nearness) * class

A head draws one plane a class; neighbours know the exceptions. The vote is a part of the ONNX
graph, and here it is for torch.

Source: Khandelwal et al. 2020, arXiv:1911.00172 (kNN-LM), over all neighbours and not the first k.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW

NEIGHBOURS_FILE = "neighbours.safetensors"
PARTS = ("classes", "numbers", "vectors")
# Of a probability that is turned back into log odds, which has no end.
LEAST = 1e-6


class NeighboursVote(torch.nn.Module):
    """n learned texts with their classes.

    vectors      (n, d) float16, unit length: in half the room, and no answer changes.
    classes      (n, classes) bool.
    share        of the neighbours in what is told, in [0, 1).
    nearness     what cosines are divided by: the smaller, the fewer neighbours count.
    temperature  what the head's logits are divided by.
    exclusive    whether one class of a text is right, or any number.
    """

    vectors: torch.Tensor
    classes: torch.Tensor

    def __init__(
        self,
        vectors: torch.Tensor,
        classes: torch.Tensor,
        *,
        share: float,
        nearness: float,
        temperature: float,
        exclusive: bool,
    ) -> None:
        super().__init__()
        self.register_buffer("vectors", vectors.half().float(), persistent=False)
        self.register_buffer("classes", classes.float(), persistent=False)
        self.share, self.nearness, self.temperature = share, nearness, temperature
        self.exclusive = exclusive

    def forward(self, pooled: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        """What the head tells, with the neighbours' vote, (m, classes) float32 logits.

        Args: pooled: (m, d) float32, means over tokens. logits: (m, classes) float32.
        """
        voted = self.voted(pooled)
        scaled = logits / self.temperature
        if self.exclusive:
            mixed = (1 - self.share) * torch.softmax(scaled, dim=1) + self.share * voted
            return torch.log(mixed + LEAST)
        mixed = (1 - self.share) * torch.sigmoid(scaled) + self.share * voted
        return torch.log(mixed + LEAST) - torch.log(1 - mixed + LEAST)

    def voted(self, pooled: torch.Tensor) -> torch.Tensor:
        """The part of the neighbours that have a class, the nearer the more, (m, classes) float32.

        Args: pooled: (m, d) float32.
        """
        unit = torch.nn.functional.normalize(pooled, dim=-1)
        near = torch.softmax(unit @ self.vectors.T / self.nearness, dim=1)  # (m, n)
        # As Einsum, which the quantiser leaves alone: of weights in 7 bits the small ones vanish.
        return torch.einsum("mn,nc->mc", near, self.classes)

    def save(self, folder: Path) -> None:
        """Write `neighbours.safetensors`."""
        numbers = [self.share, self.nearness, self.temperature, float(self.exclusive)]
        stored = {
            "vectors": self.vectors.half(),
            "classes": self.classes.bool(),
            "numbers": torch.tensor(numbers, dtype=torch.float64),
        }
        save_file({name: part.contiguous() for name, part in stored.items()}, _file(folder))


def load_neighbours(folder: Path) -> NeighboursVote | None:
    """The vote of a folder's model; None where neighbours have none.

    Raises: ArtifactCorrupt: the file cannot be read, or its parts do not fit each other.
    """
    if not _file(folder).exists():
        return None
    try:
        stored = load_file(_file(folder))
    except (OSError, SafetensorError) as error:
        raise ArtifactCorrupt(
            f"The neighbours in {folder} cannot be loaded: {error}. {MAKE_ANEW}"
        ) from error
    sizes = [len(stored[name]) if name in stored else -1 for name in PARTS]
    if sizes[0] < 1 or sizes[0] != sizes[2] or sizes[1] != 4:
        raise ArtifactCorrupt(
            f"{_file(folder)} lacks some of {', '.join(PARTS)}, or they do not fit each other. "
            f"{MAKE_ANEW}"
        )
    share, nearness, temperature, exclusive = stored["numbers"].tolist()
    return NeighboursVote(
        stored["vectors"],
        stored["classes"],
        share=share,
        nearness=nearness,
        temperature=temperature,
        exclusive=bool(exclusive),
    )


def _file(folder: Path) -> Path:
    return folder / NEIGHBOURS_FILE
