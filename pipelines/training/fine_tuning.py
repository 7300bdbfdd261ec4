"""Fine-tuning: a model, the batches of each epoch, a loss, and how far to go."""

from __future__ import annotations

import math
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import torch
from peft import AdaLoraModel
from transformers import EarlyStoppingCallback, TrainerCallback, TrainingArguments

from pipelines.losses.contrastive import info_nce, supervised_contrastive
from pipelines.running.progress import Stage
from pipelines.training.averaging import AverageWeights, WeightAverage
from pipelines.training.batches import EpochBatches
from pipelines.training.learner import Learner
from pipelines.training.run import UNKEPT, TrainingRun, newest_checkpoint, processes
from pipelines.training.schedule import Schedule
from pipelines.training.trainer import BatchTrainer, SaveByTheClock, ShownSteps, arguments_of
from pipelines.tuning.adaptive_rank import RankAllocation, find_adalora, orthogonality
from textwire.errors import DataError

__all__ = ["Schedule", "fine_tune", "info_nce", "supervised_contrastive"]

M = TypeVar("M", bound=torch.nn.Module)
B = TypeVar("B")


def fine_tune(
    model: M,
    draw_epoch: Callable[[], Sequence[B]],
    loss_of: Callable[[M, B], torch.Tensor],
    schedule: Schedule,
    stage: Stage,
    after_epoch: Callable[[], None] = lambda: None,
    run: TrainingRun = UNKEPT,
    judge: Callable[[], float] | None = None,
) -> list[float]:
    """Train in place, on the GPU if there is one; the mean loss of each epoch.

    A run that was killed goes on from its last checkpoint, and ends as it would have: `draw_epoch`
    must draw the same batches again, and a loss that remembers something must be a module that
    holds it in buffers.

    Args:   draw_epoch: the batches of the next epoch; each epoch has as many.
            after_epoch: looks at the model as it stands then.
            run: where checkpoints are kept.
            judge: a figure of the model as it stands, more is better, of data that are not trained
            on, for a schedule that is patient. The model ends as its best epoch left it.
    Raises: DataError: a checkpoint cannot be written, what is told has no library, or nothing
            judges a schedule that is patient, or it is to be patient and averaged.
    """
    _require_sense(schedule, judge)
    judged = judge if schedule.patience else None
    average = WeightAverage(model) if schedule.averaged else None
    adalora = find_adalora(model)
    # What its allocation of ranks remembers is in no checkpoint: it begins anew after a kill.
    run = replace(run, folder=None) if adalora else run
    with _folder_of(run) as folder, _logged_to(run.logs):
        trainer = BatchTrainer(
            Learner(model, loss_of, partial(orthogonality, adalora) if adalora else None, average),
            EpochBatches(draw_epoch),
            _arguments(schedule, run, folder, judged=judged is not None),
            schedule,
            judged,
        )
        trainer.add_callback(ShownSteps(stage, after_epoch))
        for callback in _callbacks(schedule, run, adalora, average):
            trainer.add_callback(callback)
        newest = newest_checkpoint(folder)
        trainer.train(resume_from_checkpoint=str(newest) if newest else None)
        if average:
            average.put_in_place()
    model.cpu()
    return epoch_losses(trainer.state.log_history)


def _require_sense(schedule: Schedule, judge: Callable[[], float] | None) -> None:
    if schedule.patience and judge is None:
        raise DataError("Nothing judges the epochs of this training: set patience=0.")
    if schedule.patience and schedule.averaged:
        raise DataError(
            f"patience={schedule.patience} ends as the best epoch, and averaged="
            f"{schedule.averaged:g} as the mean of the last ones: set one of both to 0."
        )


def _callbacks(
    schedule: Schedule,
    run: TrainingRun,
    adalora: AdaLoraModel | None,
    average: WeightAverage | None,
) -> Iterator[TrainerCallback]:
    """What this training asks for beside its steps."""
    if run.folder:
        yield SaveByTheClock(run.checkpoint_every_s)
    if adalora:
        yield RankAllocation(adalora)
    if average:
        yield AverageWeights(average, schedule.averaged)
    if schedule.patience:
        yield EarlyStoppingCallback(schedule.patience)


def epoch_losses(history: Iterable[Mapping[str, float]]) -> list[float]:
    """The mean loss of the steps of each epoch, from what was logged of each step."""
    by_epoch: dict[int, list[float]] = defaultdict(list)
    for entry in history:
        if "loss" in entry:
            by_epoch[math.ceil(entry["epoch"] - 1e-6)].append(entry["loss"])
    return [sum(losses) / len(losses) for _, losses in sorted(by_epoch.items())]


def _arguments(
    schedule: Schedule, run: TrainingRun, folder: Path, *, judged: bool
) -> TrainingArguments:
    missing = [name for name in run.report_to if find_spec(name) is None]
    if missing:
        raise DataError(
            f"TEXTWIRE_TRAINING_REPORT_TO names {', '.join(missing)}, which is not installed: "
            f"`pip install {' '.join(missing)}`, or take it out."
        )
    return arguments_of(schedule, run, folder, judged=judged)


@contextmanager
def _folder_of(run: TrainingRun) -> Iterator[Path]:
    """The run's folder, of so many processes as train here; or one that goes away."""
    if run.folder is None:
        with tempfile.TemporaryDirectory(prefix="training-") as passing:
            yield Path(passing)
        return
    together = processes()
    folder = run.folder if together == 1 else run.folder / f"{together}-processes"
    folder.mkdir(parents=True, exist_ok=True)
    yield folder


@contextmanager
def _logged_to(logs: Path | None) -> Iterator[None]:
    """TensorBoard's files of the library go where this variable says, and only it can say so."""
    if logs is None:
        yield
        return
    before = os.environ.get("TENSORBOARD_LOGGING_DIR")
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(logs)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TENSORBOARD_LOGGING_DIR"]
        else:
            os.environ["TENSORBOARD_LOGGING_DIR"] = before
