"""Where a run keeps what it needs to go on after a kill, and who is told how it goes."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from textwire.errors import SettingsError

FINISHED = "finished"  # stands in a checkpoint that was written to its end
CHECKPOINTS = "checkpoint-*"
# A run that was killed and not started again in so long is not gone on with.
ABANDONED_AFTER_S = 14 * 24 * 3600.0
REPORTERS = ("tensorboard", "wandb", "mlflow")


@dataclass(frozen=True)
class TrainingRun:
    """A run's place, of its own data, settings and code; without a folder nothing is kept."""

    folder: Path | None = None
    logs: Path | None = None
    name: str = "training"  # what Weights & Biases and MLflow show
    report_to: tuple[str, ...] = ()
    checkpoint_every_s: float = 300.0

    def stage(self, name: str) -> TrainingRun:
        """The place of one of several trainings of a run."""
        return replace(
            self,
            folder=self.folder and self.folder / name,
            logs=self.logs and self.logs / name,
            name=f"{self.name}-{name}",
        )


# Evaluations and tests: what they train is not gone on with.
UNKEPT = TrainingRun()


def run_of(
    task: str, fingerprint: str, work_dir: Path, report_to: str, checkpoint_every_s: float
) -> TrainingRun:
    """The place of a run: the same for the same fingerprint, so what was killed is gone on with.

    Args:   report_to: names of `REPORTERS` with commas; empty: nobody is told.
    Raises: SettingsError: another name.
    """
    reporters = tuple(name.strip() for name in report_to.split(",") if name.strip())
    unknown = [name for name in reporters if name not in REPORTERS]
    if unknown:
        raise SettingsError(
            f"TEXTWIRE_TRAINING_REPORT_TO names {', '.join(unknown)}. Known: {', '.join(REPORTERS)}"
            ", several with commas."
        )
    return TrainingRun(
        work_dir / "training" / task / fingerprint,
        work_dir / "training-logs" / task / fingerprint[:8],
        f"{task}-{fingerprint[:8]}",
        reporters,
        checkpoint_every_s,
    )


def newest_checkpoint(folder: Path) -> Path | None:
    """The last checkpoint that was written to its end; half-written ones are deleted."""
    finished = []
    for checkpoint in folder.glob(CHECKPOINTS):
        if (checkpoint / FINISHED).exists():
            finished.append(checkpoint)
        else:
            shutil.rmtree(checkpoint)
    return max(finished, key=lambda at: int(at.name.rpartition("-")[2]), default=None)


def clear(run: TrainingRun) -> None:
    """Delete the checkpoints of a run that is done, and of those of its task long abandoned."""
    if run.folder is None:
        return
    shutil.rmtree(run.folder, ignore_errors=True)
    if not run.folder.parent.exists():
        return
    for other in run.folder.parent.iterdir():
        if time.time() - other.stat().st_mtime > ABANDONED_AFTER_S:
            shutil.rmtree(other, ignore_errors=True)
    for emptied in (run.folder.parent, run.folder.parent.parent):
        if not any(emptied.iterdir()):
            emptied.rmdir()


def processes() -> int:
    """How many processes train together, as `accelerate launch` says."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def leads() -> bool:
    """Whether this is the one of them that writes, registers and speaks."""
    return os.environ.get("RANK", "0") == "0"
