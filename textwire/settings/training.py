"""The pipelines' runs."""

from __future__ import annotations

from pydantic import Field

from textwire.settings.section import Section


class TrainingSettings(Section, section="training"):
    """How the pipelines' runs are watched and kept; nothing here changes what they make."""

    report_to: str = Field(
        "tensorboard",
        description="who is told of losses: tensorboard, wandb, mlflow, several with commas; "
        "empty: nobody. TensorBoard's files lie in `training-logs` in the data folder",
    )
    checkpoint_every_s: float = Field(
        300.0,
        ge=0,
        description="how much work a kill may cost: a checkpoint is written so often, and after "
        "each epoch",
    )
