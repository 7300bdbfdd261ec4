"""A training in a process of its own, which somebody kills: `python -m … BASE WORK STEP_S LOSS`."""

import sys
import time
from pathlib import Path
from random import Random

import numpy as np
import torch

from pipelines.losses.contrastive import info_nce
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.pair_batches import Pair, PairBatch, draw_batches
from pipelines.training.run import TrainingRun
from pipelines.training.schedule import Schedule
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import Method, choose_trainable
from textwire.models.base_model import BaseModel

TEXTS = ["my card is lost", "pay the fee", "parcel late", "open a loan", "buy a share"]
PAIRS = [Pair(f"{word} {text}", text) for text in TEXTS for word in ("why", "how", "please")]
EPOCHS, BATCHES = 4, 3


class Remembering(torch.nn.Module):
    """A loss that depends on the losses before, as that of the two towers does."""

    mean: torch.Tensor

    def __init__(self, pause_s: float) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(1.0))
        self.pause_s = pause_s

    def forward(self, model: TextModel, batch: PairBatch) -> torch.Tensor:
        time.sleep(self.pause_s)
        loss = info_nce(model, batch, 0.05, 32)
        self.mean.mul_(0.5).add_(0.5 * loss.detach())
        return loss * self.mean


class Said:
    """A stage that says each step on standard output, for whoever waits to kill."""

    def expect(self, steps: int) -> None:
        print("steps", steps, flush=True)

    def advance(self) -> None:
        print("step", flush=True)


def train(base: Path, work: Path, pause_s: float, method: Method) -> tuple[TextModel, list[float]]:
    model, rng = TextModel(BaseModel("tiny", base), work, 32), Random(0)
    choose_trainable(model, method)
    losses = fine_tune(
        model,
        lambda: draw_batches(PAIRS, [[text] for text in TEXTS], 2, rng),
        Remembering(pause_s),
        Schedule(EPOCHS, 1e-3, averaged=0.9),
        Said(),
        run=TrainingRun(work / "run", checkpoint_every_s=0),
    )
    return model, losses


if __name__ == "__main__":
    base, work = Path(sys.argv[1]), Path(sys.argv[2])
    trained, losses = train(base, work, float(sys.argv[3]), sys.argv[4])  # type: ignore[arg-type]
    np.savez(work / "done.npz", vectors=trained.encode(TEXTS), losses=losses)
