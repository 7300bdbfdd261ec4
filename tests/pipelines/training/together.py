"""One of the processes that train together: `python -m … BASE FOLDER`."""

import sys
from pathlib import Path

import numpy as np

from pipelines.losses.contrastive import info_nce
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.pair_batches import PairBatch
from pipelines.training.run import leads
from pipelines.training.schedule import Schedule
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import choose_trainable
from textwire.models.base_model import BaseModel

TEXTS = ["my card is lost", "pay the fee", "parcel late", "open a loan"]
BATCHES = [PairBatch([text], [text, TEXTS[place - 1]], [0]) for place, text in enumerate(TEXTS)]


class Counted:
    steps = 0

    def expect(self, steps: int) -> None:
        self.steps = steps

    def advance(self) -> None: ...


if __name__ == "__main__":
    folder, stage = Path(sys.argv[2]), Counted()
    here = folder / ("first" if leads() else "other")
    here.mkdir()
    model = TextModel(BaseModel("tiny", Path(sys.argv[1])), here, 32)
    choose_trainable(model, "lora")
    fine_tune(
        model,
        lambda: BATCHES,
        lambda tuned, batch: info_nce(tuned, batch, 0.05, 32),
        Schedule(2, 1e-3),
        stage,
    )
    rank = 0 if leads() else 1
    np.savez(
        folder / f"rank-{rank}.npz",
        vectors=model.encode(TEXTS),
        steps=stage.steps,
        leads=leads(),
    )
