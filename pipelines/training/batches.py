"""Batches that a pipeline draws itself, in the form that a data loader reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import torch

B = TypeVar("B")


@dataclass(frozen=True)
class Sealed(Generic[B]):
    """A batch that no library looks into: texts and labels, not yet tensors."""

    content: B


class EpochBatches(torch.utils.data.Dataset[Sealed[B]], Generic[B]):
    """The batches of one epoch; the next ones are drawn when the epoch begins.

    A run that goes on in its third epoch draws the first two again, so that the random numbers
    behind the draw are where they would have been.
    """

    def __init__(self, draw_epoch: Callable[[], Sequence[B]]) -> None:
        self._draw_epoch = draw_epoch
        self._epoch = 0
        self._batches = draw_epoch()

    def set_epoch(self, epoch: int) -> None:
        """Go on to an epoch, from 0; one that has begun is not drawn anew."""
        while self._epoch < epoch:
            self._batches = self._draw_epoch()
            self._epoch += 1

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, place: int) -> Sealed[B]:
        return Sealed(self._batches[place])


def unstacked(rows: list[Sealed[B]]) -> dict[str, Sealed[B]]:
    """What a learner is called with, of the one row that a loader gives at a time."""
    (batch,) = rows
    return {"batch": batch}
