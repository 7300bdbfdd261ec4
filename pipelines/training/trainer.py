"""transformers' Trainer over batches and losses of ours.

From the library: devices, bf16, several processes, accumulation, clipping, checkpoints, resuming,
early stopping, what TensorBoard and others are told. Ours: which batches, which loss, the course of
the rate, and that a checkpoint counts only once it is whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from transformers import TrainerCallback, TrainingArguments
from transformers.trainer_callback import PrinterCallback

from pipelines.running.progress import LossTeller, Stage
from pipelines.training.adversarial import WordVectorPush, word_embeddings
from pipelines.training.batches import EpochBatches, unstacked
from pipelines.training.learner import Learner
from pipelines.training.run import FINISHED, TrainingRun
from pipelines.training.schedule import Schedule
from pipelines.training.text_model import fast_bf16
from textwire.errors import DataError

JUDGED = "eval_judged"  # the library's names of figures begin with `eval_`


class BatchTrainer(transformers.Trainer):
    """Trains a learner on batches that come as they are."""

    def __init__(
        self,
        learner: Learner[Any, Any],
        batches: EpochBatches[Any],
        arguments: TrainingArguments,
        schedule: Schedule,
        judge: Callable[[], float] | None,
    ) -> None:
        # Several GPUs without `accelerate launch`: one is used, since a batch cannot be cut.
        arguments._n_gpu = min(1, arguments.n_gpu)
        super().__init__(
            learner,
            arguments,
            data_collator=unstacked,
            train_dataset=batches,
            # Judged by what the caller says; the library only asks whether there is something.
            eval_dataset=batches if judge else None,
        )
        self._learner = learner
        self._batches = batches
        self._schedule = schedule
        self._judge = judge
        embeddings = word_embeddings(learner) if schedule.adversarial else None
        self._push = WordVectorPush(embeddings, schedule.adversarial) if embeddings else None
        self.remove_callback(PrinterCallback)

    def _get_train_sampler(
        self,
        train_dataset: Any = None,  # noqa: ARG002
    ) -> torch.utils.data.Sampler[int]:
        return torch.utils.data.SequentialSampler(self._batches)

    def create_scheduler(
        self, num_training_steps: int, optimizer: torch.optim.Optimizer | None = None
    ) -> torch.optim.lr_scheduler.LRScheduler:
        """The rate of the schedule."""
        if self.lr_scheduler is None:
            stepped: Any = optimizer or self.optimizer
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(
                stepped,
                lambda step: self._schedule.rate(step, num_training_steps),
            )
            self._created_lr_scheduler = True
        return self.lr_scheduler

    def training_step(self, model: Any, inputs: Any, num_items_in_batch: Any = None) -> Any:
        """Gradients of a batch, and with a push of the batch made harder; the loss of the first."""
        if self._push is None:
            return super().training_step(model, inputs, num_items_in_batch)
        with self._push.seeing():
            loss = super().training_step(model, inputs, num_items_in_batch)
        with self._push.pushing():
            super().training_step(model, inputs, num_items_in_batch)
        return loss

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """What the caller's judge says of the model as it stands."""
        if self._judge is None:
            return {}
        figures = {JUDGED: self._judge()}
        self.log(dict(figures))
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, figures
        )
        return figures

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        super()._save(output_dir, self._learner.learned() if state_dict is None else state_dict)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        folder = Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}"
        try:
            super()._save_checkpoint(model, trial)
        except (OSError, RuntimeError, SafetensorError) as error:
            raise DataError(
                f"The checkpoint {folder} could not be written: {error}. Make room there, and run "
                "the same command again: it goes on from the checkpoint before."
            ) from error
        self.accelerator.wait_for_everyone()
        if self.args.should_save:
            (folder / FINISHED).touch()


class SaveByTheClock(TrainerCallback):
    """Asks for a checkpoint once the last one is old enough."""

    def __init__(self, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s = every_s
        self._clock = clock
        self._saved_at = clock()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Ask, if it is time."""
        control.should_save |= self._clock() - self._saved_at >= self._every_s

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Begin to count anew."""
        self._saved_at = self._clock()


class ShownSteps(TrainerCallback):
    """Tells the stage of each step, with its loss, and the caller of each epoch."""

    def __init__(self, stage: Stage, after_epoch: Callable[[], None]) -> None:
        self._stage = stage
        self._after_epoch = after_epoch

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Steps that were done before the kill count."""
        self._stage.expect(state.max_steps)
        for _step in range(state.global_step):
            self._stage.advance()

    def on_log(self, args: Any, state: Any, control: Any, **told: Any) -> None:  # noqa: ARG002
        """A step is done."""
        if "loss" in told["logs"]:
            if isinstance(self._stage, LossTeller):
                self._stage.tell_loss(told["logs"]["loss"])
            self._stage.advance()

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        """Let the caller look."""
        self._after_epoch()


def arguments_of(
    schedule: Schedule, run: TrainingRun, folder: Path, *, judged: bool
) -> TrainingArguments:
    """What the library is told: the recipe, the hardware that is here, and where things are kept.

    Args: judged: whether a judge decides when to stop and which epoch was best.
    """
    on_gpu = torch.cuda.is_available()
    per_epoch = "epoch" if run.folder or judged else "no"
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=schedule.epochs,
        per_device_train_batch_size=1,  # batches come whole
        gradient_accumulation_steps=schedule.accumulation,
        activation_checkpointing=schedule.gradient_checkpointing,
        learning_rate=schedule.learning_rate,
        weight_decay=schedule.weight_decay,
        max_grad_norm=1.0,
        optim="adamw_torch",
        seed=schedule.seed,
        use_cpu=not on_gpu,
        bf16=fast_bf16("cuda" if on_gpu else "cpu"),
        eval_strategy="epoch" if judged else "no",
        save_strategy=per_epoch,
        save_total_limit=2,  # the newest may be half-written when the process is killed
        load_best_model_at_end=judged,
        metric_for_best_model=JUDGED if judged else None,
        greater_is_better=True,
        logging_strategy="steps",
        logging_steps=1,
        logging_nan_inf_filter=False,
        report_to=list(run.report_to) or "none",
        run_name=run.name,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        log_level="error",
        skip_memory_metrics=True,
    )
